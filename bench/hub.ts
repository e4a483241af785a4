import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answers, freePort, makeFolder, removeFolder, start, type Running } from './processes.ts';

const ENTRY = new URL('../bin/signalbox.js', import.meta.url).pathname;
export const TOKEN = 'bench-token-0123456789';

export interface Hub extends Running {
  readonly url: string;
  readonly port: number;
  /** Where Alertmanager's webhook is taken. */
  readonly hook: string;
  /** Starts the same installation again after it was stopped or killed. */
  restart(): Promise<Hub>;
  /** Removes its files; it must have ended. */
  remove(): void;
}

export interface HubOptions {
  /** Where the webhook notifier posts to. */
  readonly sinkUrl: string;
  /** The route tree as YAML. Default: every alert its own group, told at once. */
  readonly routes?: string;
  /** More integrations and sections as YAML. */
  readonly more?: { readonly integrations?: string; readonly sections?: string };
}

/** Every alert its own group, told at once: the same tree is given to Alertmanager. */
export function everyAlertItsOwnGroup(groupInterval = '1m'): string {
  return `routes:
  receiver: sink
  group_by: ['...']
  group_wait: 0s
  group_interval: ${groupInterval}
  repeat_interval: 4h
`;
}

/** The command that serves an installation in `folder`, with the configuration written. */
export function installHub(options: HubOptions, folder: string, port: number): readonly string[] {
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
${options.more?.integrations ?? ''}receivers:
  sink: [{ integration: sink }]
${options.routes ?? everyAlertItsOwnGroup()}${options.more?.sections ?? ''}`,
  );
  return [
    ENTRY,
    'serve',
    '--config',
    config,
    '--data',
    join(folder, 'data'),
    '--listen',
    `127.0.0.1:${port}`,
  ];
}

/** The hub with its shipped defaults: bearer authentication, receipts, recording and access log on. */
export async function startHub(options: HubOptions): Promise<Hub> {
  const folder = makeFolder('hub');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = installHub(options, folder, port);
  const run = async (): Promise<Hub> => {
    const running = await start(process.execPath, args, () => answers(`${url}/readyz`));
    return {
      ...running,
      url,
      port,
      hook: `${url}/hooks/prom`,
      restart: run,
      remove: () => removeFolder(folder),
    };
  };
  return run();
}
