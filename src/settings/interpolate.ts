import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Finding } from './finding.ts';
import { findingAt, isMap, placeOf, pointerOf, setAt, type PathPart, type Tree } from './tree.ts';

const MAX_FILE_BYTES = 1_048_576;

/** A name that may stand in `${secret:…}`: no path, so that it can't lead anywhere else. */
const SECRET_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Replaces `${env:NAME}`, `${env:NAME:-default}`, `${file:PATH}` and `${secret:NAME}` in all texts; `$${` stands for `${`.
 * What is put in is not looked at again, and never shown in a finding.
 */
export async function interpolate(tree: Tree, env: Environment): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const visit = async (value: unknown, path: readonly PathPart[]): Promise<void> => {
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) await visit(item, [...path, index]);
    } else if (isMap(value)) {
      for (const [key, item] of Object.entries(value)) await visit(item, [...path, key]);
    } else if (typeof value === 'string' && value.includes('${')) {
      const pointer = pointerOf(path);
      const replaced = await replaceAll(
        value,
        tree.isForeign ? undefined : dirname(placeOf(tree, pointer).file),
        env,
      );
      for (const problem of replaced.problems) findings.push(findingAt(tree, pointer, problem));
      if (replaced.external) tree.external.add(pointer);
      if (path.length > 0) setAt(tree.value as Record<string, unknown>, path, replaced.text);
    }
  };
  await visit(tree.value, []);
  return findings;
}

interface Problem {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

const REFERENCE = /\$\$\{|\$\{([^}]*)\}?/g;

async function replaceAll(
  text: string,
  folder: string | undefined,
  env: Environment,
): Promise<{ text: string; external: boolean; problems: readonly Problem[] }> {
  const problems: Problem[] = [];
  let result = '';
  let end = 0;
  let external = false;
  for (const found of text.matchAll(REFERENCE)) {
    result += text.slice(end, found.index);
    end = found.index + found[0].length;
    if (found[0] === '$${') {
      result += '${';
      continue;
    }
    external = true;
    const value = found[0].endsWith('}')
      ? await lookUp(found[1]!, folder, env)
      : {
          code: 'interpolation',
          message: 'a closing brace is missing after ${',
          hint: 'write $${ for the characters ${',
        };
    if (typeof value === 'string') result += value;
    else problems.push(value);
  }
  return { text: result + text.slice(end), external, problems };
}

async function lookUp(
  reference: string,
  folder: string | undefined,
  env: Environment,
): Promise<string | Problem> {
  const [, scheme, rest] = /^([a-z]+):(.*)$/s.exec(reference) ?? [];
  if (folder === undefined) return placeholder(rest ?? '');
  if (scheme === 'env') {
    const [, name, fallback] = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s.exec(rest!) ?? [];
    if (name === undefined) return badReference();
    const value = env[name];
    if (fallback !== undefined) return value || fallback;
    return (
      value ??
      missing(
        `the environment variable ${name} is not set`,
        'set it, or write a default: ${env:NAME:-default}',
      )
    );
  }
  if (scheme === 'file' && rest) return readValue(resolve(folder, rest), `the file ${rest}`);
  if (scheme === 'secret' && SECRET_NAME.test(rest!)) return readSecret(rest!, env);
  return badReference();
}

/** In place of what may not be read; an address, because texts may be addresses more often than anything else with a form. */
function placeholder(reference: string): string {
  const [name = '', fallback] = reference.split(':-');
  return fallback ?? `https://reference.invalid/${encodeURIComponent(name)}`;
}

/** A variable of its own first, then where systemd and containers put secrets. */
async function readSecret(name: string, env: Environment): Promise<string | Problem> {
  const variable = `SIGNALBOX_SECRET_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;
  if (env[variable] !== undefined) return env[variable];
  for (const folder of [env.CREDENTIALS_DIRECTORY, '/run/secrets']) {
    if (!folder) continue;
    const value = await readValue(resolve(folder, name), `the secret ${name}`);
    if (typeof value === 'string' || !value.message.endsWith('does not exist')) return value;
  }
  return missing(
    `the secret ${name} does not exist`,
    `set ${variable}, or put it in the file /run/secrets/${name}`,
  );
}

/** Without the line feed that editors put at the end. */
async function readValue(path: string, name: string): Promise<string | Problem> {
  try {
    const text = await readFile(path, 'utf8');
    if (text.length > MAX_FILE_BYTES) return missing(`${name} is larger than 1 MiB`);
    return text.replace(/\r?\n$/, '');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return missing(`${name} ${code === 'ENOENT' ? 'does not exist' : `can’t be read (${code})`}`);
  }
}

function missing(message: string, hint?: string): Problem {
  return { code: 'missing_value', message, ...(hint === undefined ? {} : { hint }) };
}

function badReference(): Problem {
  return {
    code: 'interpolation',
    message: 'expected ${env:NAME}, ${env:NAME:-default}, ${file:PATH} or ${secret:NAME}',
    hint: 'write $${ for the characters ${',
  };
}
