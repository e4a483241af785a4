import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answers, freePort, start, type Running } from './processes.ts';

const ENTRY = new URL('../bin/signalbox.js', import.meta.url).pathname;
export const TOKEN = 'bench-token-0123456789';

export interface Hub extends Running {
  readonly url: string;
  readonly hook: string;
  readonly dataPath: string;
  /** Starts the same installation again after it was stopped or killed. */
  restart(): Promise<Hub>;
  remove(): void;
}

export interface HubOptions {
  /** Where the webhook notifier posts to. */
  readonly sinkUrl: string;
  /** More lines of YAML at the top level; `routes` may be given here instead of the default. */
  readonly routes?: string;
}

/** Every alert its own group, told at once: the same tree is given to Alertmanager. */
export const EVERY_ALERT_ITS_OWN_GROUP = `routes:
  receiver: sink
  group_by: ['...']
  group_wait: 0s
  group_interval: 1m
  repeat_interval: 4h
`;

/** The hub with its shipped defaults: bearer authentication, receipts, recording and access log on. */
export async function startHub(options: HubOptions): Promise<Hub> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-bench-'));
  const dataPath = join(folder, 'data');
  const port = await freePort();
  const config = join(folder, 'signalbox.yaml');
  writeFileSync(
    config,
    `integrations:
  prom:
    connector: alertmanager
    auth: { bearer: ${TOKEN} }
  sink:
    connector: webhook
    config: { url: '${options.sinkUrl}' }
receivers:
  sink: [{ integration: sink }]
${options.routes ?? EVERY_ALERT_ITS_OWN_GROUP}`,
  );
  const url = `http://127.0.0.1:${port}`;
  const run = async (): Promise<Hub> => {
    const args = [ENTRY, 'serve', '--config', config, '--data', dataPath, '--listen', `127.0.0.1:${port}`];
    const running = await start(process.execPath, args, () => answers(`${url}/readyz`));
    return {
      ...running,
      url,
      hook: `${url}/hooks/prom`,
      dataPath,
      restart: run,
      remove: () => rmSync(folder, { recursive: true, force: true }),
    };
  };
  return run();
}
