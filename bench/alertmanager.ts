import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answers, freePort, makeFolder, removeFolder, start, which, type Running } from './processes.ts';

export interface Alertmanager extends Running {
  /** Where alerts are posted. */
  readonly api: string;
  remove(): void;
}

/** The one that the variable names, as in the tests, or that of the PATH: Debian's is years older than what the hub stands in for. */
const PROGRAM =
  process.env['SIGNALBOX_TEST_ALERTMANAGER'] || (which('prometheus-alertmanager') ?? which('alertmanager'));

/** Its version, or undefined where it is not installed. */
export function alertmanagerVersion(): string | undefined {
  if (PROGRAM === undefined) return undefined;
  const { stdout, stderr } = spawnSync(PROGRAM, ['--version'], { encoding: 'utf8' });
  return /version ([\d.]+)/.exec(stdout + stderr)?.[1] ?? 'unknown';
}

/** The peer with the same route tree as the hub, or undefined where it is not installed. */
export async function startAlertmanager(sinkUrl: string): Promise<Alertmanager | undefined> {
  if (PROGRAM === undefined) return undefined;
  const folder = makeFolder('alertmanager');
  const port = await freePort();
  writeFileSync(
    join(folder, 'alertmanager.yml'),
    `route:
  receiver: sink
  group_by: ['...']
  group_wait: 0s
  group_interval: 1m
  repeat_interval: 4h
receivers:
  - name: sink
    webhook_configs: [{ url: '${sinkUrl}' }]
`,
  );
  const url = `http://127.0.0.1:${port}`;
  const args = [
    `--config.file=${join(folder, 'alertmanager.yml')}`,
    `--storage.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--cluster.listen-address=',
    '--log.level=error',
  ];
  const running = await start(PROGRAM, args, () => answers(`${url}/-/ready`));
  return { ...running, api: `${url}/api/v2/alerts`, remove: () => removeFolder(folder) };
}
