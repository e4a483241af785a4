import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startProgram, waitUntil, waitUntilReady, type Program } from './program.ts';

const LAUNCHER = fileURLToPath(new URL('../../bin/signalbox.js', import.meta.url));
const LISTENING = /listening on (https?:\/\/\S+)/;

/** Starts the hub as its users do: through the launcher, on an empty data folder and a free port. */
export async function startHub(options: {
  readonly folder: string;
  /** Without it the hub runs with what is built in. */
  readonly configuration?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  /** The Node.js that starts the launcher; default this one. */
  readonly node?: string;
}): Promise<{ readonly program: Program; readonly url: string }> {
  const home = join(options.folder, 'hub');
  await mkdir(home);
  const file = join(home, 'signalbox.yaml');
  const isConfigured = options.configuration !== undefined;
  if (isConfigured) await writeFile(file, JSON.stringify(options.configuration, undefined, 2));
  const args = [...(isConfigured ? ['--config', file] : []), '--data', join(home, 'data')];
  const program = startProgram(
    options.node ?? process.execPath,
    [LAUNCHER, 'serve', ...args, '--listen', '127.0.0.1:0'],
    options.env,
  );
  await waitUntil(program, 'the hub says where it listens', () => LISTENING.test(program.output()));
  const url = LISTENING.exec(program.output())![1]!;
  await waitUntilReady(program, `${url}/readyz`);
  return { program, url };
}
