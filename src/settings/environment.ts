import type { TSchema } from 'typebox';
import type { Finding } from './finding.ts';
import type { Environment } from './interpolate.ts';
import { journal, log, server, storage, watchdog } from './schema-server.ts';
import { didYouMean } from './suggest.ts';
import { isMap, pointerOf, setAt, type Tree } from './tree.ts';

/** A setting that has one environment variable: everything that is not in a map by id. */
export interface EnvironmentSetting {
  /** `server.tls.cert_file`. */
  readonly path: string;
  /** `SIGNALBOX_SERVER_TLS_CERT_FILE`. */
  readonly variable: string;
  readonly list: boolean;
}

const SECTIONS = { server, storage, journal, log, watchdog };

export const ENVIRONMENT_SETTINGS: readonly EnvironmentSetting[] = Object.entries(SECTIONS).flatMap(
  ([name, section]) => leavesOf(section, [name]),
);

interface SchemaShape {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly anyOf?: readonly SchemaShape[];
}

function leavesOf(schema: TSchema, path: readonly string[]): readonly EnvironmentSetting[] {
  const shape = schema as SchemaShape;
  if (shape.properties) {
    return Object.entries(shape.properties).flatMap(([key, child]) => leavesOf(child, [...path, key]));
  }
  const list = shape.type === 'array' || shape.anyOf?.some((choice) => choice.type === 'array') === true;
  return [{ path: path.join('.'), variable: variableOf(path), list }];
}

function variableOf(path: readonly string[]): string {
  return `SIGNALBOX_${path.join('_').toUpperCase()}`;
}

/**
 * Lays environment variables, then flags, over what the files say. `overrides` are settings by path, as in
 * `{ 'server.listen': '0.0.0.0:8080' }`. Lists are written with commas between.
 */
export function applyEnvironment(
  tree: Tree,
  env: Environment,
  overrides: Readonly<Record<string, string | undefined>>,
): readonly Finding[] {
  const findings: Finding[] = [];
  const root = isMap(tree.value) ? tree.value : {};
  const apply = (setting: EnvironmentSetting, text: string, file: string): void => {
    const path = setting.path.split('.');
    const values = setting.list
      ? text
          .split(',')
          .map((item) => item.trim())
          .filter((item) => item !== '')
      : [];
    if (!setAt(root, path, setting.list ? values : text)) return;
    const place = { file, line: 0, column: 0 };
    for (let length = 1; length <= path.length; length++) {
      const pointer = pointerOf(path.slice(0, length));
      if (length === path.length || !tree.places.has(pointer)) tree.places.set(pointer, place);
    }
    tree.external.add(pointerOf(path));
    values.forEach((_, index) => {
      tree.places.set(pointerOf([...path, index]), place);
      tree.external.add(pointerOf([...path, index]));
    });
  };
  for (const setting of ENVIRONMENT_SETTINGS) {
    const text = env[setting.variable];
    if (text !== undefined && text !== '') apply(setting, text, `environment variable ${setting.variable}`);
  }
  for (const [path, text] of Object.entries(overrides)) {
    const setting = ENVIRONMENT_SETTINGS.find((candidate) => candidate.path === path);
    if (text === undefined) continue;
    if (setting) apply(setting, text, `flag for ${path}`);
    else
      findings.push({
        code: 'unknown_key',
        message: `there is no setting ${path}`,
        file: 'flags',
        line: 0,
        column: 0,
        path,
      });
  }
  return findings;
}

/** Variables that look like settings and are none: a misspelt one must not be ignored in silence. */
export function unknownVariables(env: Environment): readonly Finding[] {
  const known = ENVIRONMENT_SETTINGS.map((setting) => setting.variable);
  const prefixes = Object.keys(SECTIONS).map((name) => variableOf([name, '']));
  return Object.keys(env)
    .filter((name) => prefixes.some((prefix) => name.startsWith(prefix)) && !known.includes(name))
    .map((name) => {
      const hint = didYouMean(name, known);
      return {
        code: 'unknown_variable',
        message: 'no setting has this environment variable',
        file: `environment variable ${name}`,
        line: 0,
        column: 0,
        path: '',
        ...(hint === undefined ? {} : { hint }),
      };
    });
}
