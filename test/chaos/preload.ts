// Loaded into each node of the chaos runs before anything else, by NODE_OPTIONS, in every thread. It leads connections to brokers through this
// node's own links (a broker advertises one port to everybody), moves the wall clock by the number in a file, and ends a node
// whose chaos run is gone. The hub itself knows nothing of it.
import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { isMainThread } from 'node:worker_threads';

const LOOK_MS = 50;
const ports = new Map(
  Object.entries(JSON.parse(process.env['CHAOS_PORTS'] ?? '{}') as Record<string, number>),
);
const clockFile = process.env['CHAOS_CLOCK'];
const parent = process.ppid;

/** `net.connect` hands its arguments on as one list whose first item is the options. */
const connect = Socket.prototype.connect as (this: Socket, ...args: unknown[]) => Socket;
Socket.prototype.connect = function redirected(this: Socket, ...args: unknown[]) {
  const first = Array.isArray(args[0]) ? (args[0] as unknown[])[0] : args[0];
  const options = first as { port?: number | string | undefined } | null;
  if (typeof options === 'object' && options !== null) {
    options.port = ports.get(String(options.port)) ?? options.port;
  }
  return connect.apply(this, args);
};

let offsetMs = 0;
const RealDate = Date;
/** `Date` with a moved present. The monotonic clock stays, as it does when somebody sets a machine's time. */
class MovedDate extends RealDate {
  constructor(...args: unknown[]) {
    super(...((args.length === 0 ? [MovedDate.now()] : args) as [number]));
  }
  static override now(): number {
    return RealDate.now() + offsetMs;
  }
}
globalThis.Date = MovedDate as DateConstructor;

setInterval(() => {
  if (isMainThread && process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
  if (clockFile !== undefined) offsetMs = Number(readFileSync(clockFile, 'utf8')) || 0;
}, LOOK_MS).unref();
