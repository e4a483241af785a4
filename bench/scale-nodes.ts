import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { TOKEN } from './hub.ts';
import { answers, freePort, makeFolder, removeFolder, start, type Running } from './processes.ts';
import type { Shared } from './scale-servers.ts';

const ENTRY = new URL('../bin/signalbox.js', import.meta.url).pathname;
const SHARE_WITHIN_MS = 90_000;
const POLL_MS = 250;

/**
 * Sources, and as many integrations to send to, so that there is something to divide: all that goes to one integration is sent by one node.
 * More of them divide more evenly; an installation of the requirements' size has 10,000.
 */
export const CELLS = 16;

export interface Nodes {
  readonly pids: readonly number[];
  /** Where a source posts to: the nodes take turns, as behind a balancer. */
  hookOf(cell: number): string;
  stop(): Promise<void>;
}

/** One embedded hub when `shared` is absent; else so many nodes, each with its share of the work when this resolves. */
export async function startNodes(count: number, sinkUrl: string, shared: Shared | undefined): Promise<Nodes> {
  const folder = makeFolder('scale');
  const config = join(folder, 'signalbox.yaml');
  writeFileSync(config, configOf(sinkUrl));
  const nodes: { readonly running: Running; readonly url: string }[] = [];
  for (let index = 0; index < count; index++) nodes.push(await startNode(folder, config, index, shared));
  if (shared) await awaitShares(shared, count);
  return {
    pids: nodes.map(({ running }) => running.pid),
    hookOf: (cell) => `${nodes[cell % count]!.url}/hooks/cell-${cell}`,
    async stop() {
      await Promise.all(nodes.map(({ running }) => running.stop('SIGKILL')));
      removeFolder(folder);
    },
  };
}

async function startNode(
  folder: string,
  config: string,
  index: number,
  shared: Shared | undefined,
): Promise<{ readonly running: Running; readonly url: string }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const data = join(folder, `data-${index}`);
  mkdirSync(data);
  const args = [ENTRY, 'serve', '--config', config, '--data', data, '--listen', `127.0.0.1:${port}`];
  if (shared) args.push('--storage-url', shared.storageUrl, '--journal-url', shared.journalUrl);
  return { running: await start(process.execPath, args, () => answers(`${url}/readyz`)), url };
}

/** A node that joins gets its share only when the others have given it up. */
async function awaitShares(shared: Shared, count: number): Promise<void> {
  const startedAt = performance.now();
  for (;;) {
    const { nodes, partitions } = await shared.shares();
    if (nodes === count && partitions === shared.partitions) return;
    if (performance.now() - startedAt > SHARE_WITHIN_MS) {
      throw new Error(
        `after ${SHARE_WITHIN_MS} ms ${nodes} of ${count} nodes share, ${partitions} partitions`,
      );
    }
    await pause(POLL_MS);
  }
}

/** Every alert its own group, told at once, to the integration of the source's own number. */
function configOf(sinkUrl: string): string {
  const cells = Array.from({ length: CELLS }, (_, cell) => cell);
  const lines = (line: (cell: number) => string): string => cells.map(line).join('\n');
  return `integrations:
${lines((cell) => `  cell-${cell}: { connector: alertmanager, auth: { bearer: ${TOKEN} }, labels: { cell: 'c${cell}' } }`)}
${lines((cell) => `  sink-${cell}: { connector: webhook, config: { url: '${sinkUrl}' } }`)}
receivers:
${lines((cell) => `  sink-${cell}: [{ integration: sink-${cell} }]`)}
routes:
  receiver: sink-0
  group_by: ['...']
  group_wait: 0s
  group_interval: 1m
  repeat_interval: 4h
  routes:
${lines((cell) => `    - { matchers: ['cell="c${cell}"'], receiver: sink-${cell} }`)}
`;
}
