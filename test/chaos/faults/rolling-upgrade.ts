import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from '../fault.ts';

const POLL_MS = 100;
const READY_MS = 60_000;

export const rollingUpgrade: Fault = {
  name: 'rolling-upgrade',
  title: 'one node after the other gets SIGTERM and is started again, as an upgrade does',
  holdMs: 0,
  isPlanned: true,
  async inject({ cluster }) {
    for (const node of cluster.nodes) {
      const code = await node.end('SIGTERM');
      if (code !== 0) throw new Error(`${node.name} ended with ${code} after SIGTERM; see ${node.log}`);
      await node.start();
      const deadline = performance.now() + READY_MS;
      while (!(await node.isReady())) {
        if (performance.now() > deadline) throw new Error(`${node.name} is not ready again; see ${node.log}`);
        await pause(POLL_MS);
      }
    }
  },
  async heal() {},
};
