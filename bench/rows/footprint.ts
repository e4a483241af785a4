import { setTimeout as pause } from 'node:timers/promises';
import { startHub } from '../hub.ts';
import { residentBytes } from '../processes.ts';
import { median, type Row } from '../row.ts';
import type { Setting } from '../setting.ts';

const STARTS = 5;
const IDLE_MS = 10_000;
/** Nobody listens there; the hub is not going to ask. */
const NOWHERE = 'http://127.0.0.1:9/';

/** A hub with nothing to do: how soon it is ready, and what it holds. */
export async function measureFootprint({ quick, say }: Setting): Promise<readonly Row[]> {
  const starts: number[] = [];
  let idle = 0;
  // The first start fills the cache of compiled code and is not counted.
  for (let count = 0; count <= (quick ? 3 : STARTS); count++) {
    const hub = await startHub({ sinkUrl: NOWHERE });
    try {
      if (count > 0) starts.push(hub.startMs);
      if (count === 1) {
        await pause(IDLE_MS);
        idle = residentBytes(hub.pid).now;
      }
    } finally {
      await hub.stop();
      hub.remove();
    }
  }
  say(`footprint: ${(idle / 1e6).toFixed(0)} MB idle, ready after ${median(starts).toFixed(0)} ms`);
  return [
    {
      what: 'resident memory, idle, 10 s after the start',
      value: idle / 1e6,
      unit: 'MB',
      must: { relation: '<', value: 150 },
    },
    {
      what: 'start of the process to ready',
      value: median(starts) / 1000,
      unit: 's',
      must: { relation: '<', value: 1.5 },
      figures: [
        { name: 'quickest', value: Math.min(...starts) / 1000, unit: 's' },
        { name: 'slowest', value: Math.max(...starts) / 1000, unit: 's' },
      ],
      notes: [`median of ${starts.length} starts on an empty data folder, the cache of compiled code warm`],
    },
  ];
}
