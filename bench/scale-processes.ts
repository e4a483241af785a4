import { readdirSync, readFileSync } from 'node:fs';

/** The kernel counts in hundredths of a second (proc(5), stat). */
const TICK_MS = 10;

interface Stat {
  readonly name: string;
  readonly parent: number;
  /** Its own and that of children which have ended and been waited for. */
  readonly cpuMs: number;
}

/**
 * Processor time of a process and everything it has started, in milliseconds. A child that ends between two looks is not lost, because the
 * kernel adds its time to the parent's.
 */
export function treeCpuMs(pid: number): number {
  const stats = readStats();
  const sum = (one: number): number =>
    (stats.get(one)?.cpuMs ?? 0) + childrenIn(stats, one).reduce((total, child) => total + sum(child), 0);
  return sum(pid);
}

/** Processes of this name that this process has started itself. */
export function startedHere(name: string): readonly number[] {
  const stats = readStats();
  return childrenIn(stats, process.pid).filter((pid) => stats.get(pid)!.name === name);
}

/** What this process and those it has waited for have used: the generators of the load, as long as nothing else has ended. */
export function ownCpuMs(): number {
  return readStats().get(process.pid)!.cpuMs;
}

/** Milliseconds that the machine's cores had nothing to do since it started, waiting for a disk included, all cores together. */
export function idleMs(): number {
  const [line] = readFileSync('/proc/stat', 'utf8').split('\n');
  const [, , , , idle, waiting] = line!.split(/\s+/);
  return (Number(idle) + Number(waiting)) * TICK_MS;
}

/** Bytes that a process and its children that have ended caused to be written to a disk (proc(5), io). */
export function writtenBytes(pid: number): number {
  const stats = readStats();
  const own = (one: number): number => {
    try {
      return Number(/^write_bytes: (\d+)/m.exec(readFileSync(`/proc/${one}/io`, 'utf8'))?.[1] ?? 0);
    } catch {
      // It ended in this moment, and its parent has it.
      return 0;
    }
  };
  const sum = (one: number): number =>
    own(one) + childrenIn(stats, one).reduce((total, child) => total + sum(child), 0);
  return sum(pid);
}

function childrenIn(stats: ReadonlyMap<number, Stat>, parent: number): readonly number[] {
  return [...stats].filter(([, stat]) => stat.parent === parent).map(([pid]) => pid);
}

function readStats(): ReadonlyMap<number, Stat> {
  const stats = new Map<number, Stat>();
  for (const pid of readdirSync('/proc').map(Number)) {
    if (Number.isNaN(pid)) continue;
    try {
      stats.set(pid, parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8')));
    } catch {
      // It ended between the listing and the reading.
    }
  }
  return stats;
}

/** The name stands in parentheses and may hold blanks; the fields after it do not. */
function parseStat(text: string): Stat {
  const close = text.lastIndexOf(')');
  const fields = text.slice(close + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return {
    name: text.slice(text.indexOf('(') + 1, close),
    parent: Number(fields[1]),
    cpuMs: ticks * TICK_MS,
  };
}
