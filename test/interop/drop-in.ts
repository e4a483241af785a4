import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, startProgram, waitUntilReady, type Program } from './program.ts';

const LAUNCHER = fileURLToPath(new URL('../../bin/signalbox.js', import.meta.url));

/** Starts the hub as `signalbox alertmanager`, with the file that an Alertmanager would have. */
export async function startDropIn(options: {
  readonly folder: string;
  /** The text of `alertmanager.yml`. */
  readonly configuration: string;
  readonly name?: string;
  readonly flags?: readonly string[];
}): Promise<{ readonly program: Program; readonly address: string }> {
  const { folder, name = 'alertmanager' } = options;
  const file = join(folder, `${name}.yml`);
  await writeFile(file, options.configuration);
  const address = `127.0.0.1:${await freePort()}`;
  const program = startProgram(process.execPath, [
    LAUNCHER,
    'alertmanager',
    '--config.file',
    file,
    `--storage.path=${join(folder, name)}`,
    `--web.listen-address=${address}`,
    ...(options.flags ?? ['--cluster.listen-address=']),
  ]);
  await waitUntilReady(program, `http://${address}/-/ready`);
  return { program, address };
}
