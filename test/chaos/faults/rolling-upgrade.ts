import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from '../fault.ts';
import { THIS_PROGRAM, type ChaosNode } from '../node.ts';

const POLL_MS = 100;
/** Machines are busy with several clusters at times. */
const READY_MS = 180_000;
/** How long nodes of two versions work side by side after each step. */
const MIXED_MS = 3_000;

export const rollingUpgrade: Fault = {
  name: 'rolling-upgrade',
  title: 'one node after the other gets SIGTERM and is started again, as an upgrade does',
  holdMs: 0,
  isPlanned: true,
  async inject({ cluster }) {
    for (const node of cluster.nodes) await replace(node, THIS_PROGRAM);
  },
  async heal() {},
};

/** The same between two versions of the program. The cluster has to begin with the other one on all nodes. */
export function upgradeFrom(other: string): Fault {
  return {
    ...rollingUpgrade,
    title:
      'one node after the other goes from another version of the program to this one; one of them goes back, and forth again',
    async inject({ cluster: { nodes }, round }) {
      // The round before has left them with this program.
      if (round > 0) await replaceAll(nodes, other);
      await replaceAll(nodes, THIS_PROGRAM);
      await replaceAll(nodes.slice(0, 1), other);
      await replaceAll(nodes.slice(0, 1), THIS_PROGRAM);
    },
  };
}

async function replaceAll(nodes: readonly ChaosNode[], program: string): Promise<void> {
  for (const node of nodes) {
    await replace(node, program);
    await pause(MIXED_MS);
  }
}

async function replace(node: ChaosNode, program: string): Promise<void> {
  const code = await node.end('SIGTERM');
  if (code !== 0) throw new Error(`${node.name} ended with ${code} after SIGTERM; see ${node.log}`);
  await node.start(program);
  const deadline = performance.now() + READY_MS;
  while (!(await node.isReady())) {
    if (performance.now() > deadline) throw new Error(`${node.name} is not ready again; see ${node.log}`);
    await pause(POLL_MS);
  }
}
