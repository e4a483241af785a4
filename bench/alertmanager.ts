import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answers, freePort, start, which, type Running } from './processes.ts';

export interface Alertmanager extends Running {
  readonly api: string;
  readonly version: string;
  remove(): void;
}

const PROGRAM = which('prometheus-alertmanager') ?? which('alertmanager');

/** The peer, or undefined where it is not installed: then its columns say so. */
export async function startAlertmanager(sinkUrl: string): Promise<Alertmanager | undefined> {
  if (PROGRAM === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-bench-am-'));
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
  const running = await start(
    PROGRAM,
    [
      `--config.file=${join(folder, 'alertmanager.yml')}`,
      `--storage.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
      '--log.level=error',
    ],
    () => answers(`${url}/-/ready`),
  );
  const printed = execFileSync(PROGRAM, ['--version'], { encoding: 'utf8' });
  return {
    ...running,
    api: `${url}/api/v2/alerts`,
    version: /version ([\d.]+)/.exec(printed)?.[1] ?? 'unknown',
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
