import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, startProgram, waitUntilReady, type Program } from './program.ts';

/** Starts a real Alertmanager with the text of its `alertmanager.yml`. */
export async function startAlertmanager(options: {
  readonly folder: string;
  readonly configuration: string;
  /** More files beside the configuration, by name. */
  readonly files?: Readonly<Record<string, string>>;
  /** The path of its external address, such as `/am`. */
  readonly path?: string;
  readonly flags?: readonly string[];
}): Promise<{ readonly program: Program; readonly address: string; readonly file: string }> {
  const { path = '', flags = ['--cluster.listen-address='] } = options;
  const address = `127.0.0.1:${await freePort()}`;
  const home = join(options.folder, 'real-alertmanager');
  await mkdir(home);
  const file = join(home, 'alertmanager.yml');
  const files = { ...options.files, 'alertmanager.yml': options.configuration };
  for (const [name, text] of Object.entries(files)) await writeFile(join(home, name), text);
  const program = startProgram('alertmanager', [
    `--config.file=${file}`,
    `--storage.path=${join(home, 'data')}`,
    `--web.listen-address=${address}`,
    ...(path === '' ? [] : [`--web.external-url=http://${address}${path}`]),
    '--log.level=warn',
    ...flags,
  ]);
  await waitUntilReady(program, `http://${address}${path}/-/ready`);
  return { program, address, file };
}
