import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openConnection } from './connection.ts';
import { installHub, TOKEN } from './hub.ts';
import { answers, freePort, makeFolder, removeFolder, start, which } from './processes.ts';
import { webhookRequest } from './statement.ts';

export type Trace =
  | { readonly ran: false; readonly reason: string }
  | {
      readonly ran: true;
      /** The journal was written and synced after the signal was read and before its 202 was written. */
      readonly isDurableFirst: boolean;
      /** The calls that show it, in the order in which they ended. */
      readonly calls: readonly string[];
    };

const CALLS = 'read,readv,recvfrom,pwrite64,pwritev,write,writev,sendto,sendmsg,fsync,fdatasync';

/** Runs a hub under strace and sends it one signal. */
export async function traceAcknowledgement(): Promise<Trace> {
  const strace = which('strace');
  if (strace === undefined) return { ran: false, reason: 'strace is not installed' };
  const folder = makeFolder('traced-hub');
  // Apart, because the hub watches the folder of its configuration: each line written there would be a call to trace.
  const outputFolder = makeFolder('trace');
  const output = join(outputFolder, 'calls');
  const port = await freePort();
  // Nobody listens at the receiver's port; only the acknowledgement is looked at.
  const serve = installHub({ sinkUrl: 'http://127.0.0.1:9/' }, folder, port);
  // -y names the files, -s is long enough for the first line of a request.
  const args = [
    '-f',
    '-y',
    '-s',
    '48',
    '-e',
    `trace=${CALLS}`,
    '-e',
    'signal=none',
    '-o',
    output,
    process.execPath,
    ...serve,
  ];
  try {
    const running = await start(strace, args, () => answers(`http://127.0.0.1:${port}/readyz`));
    try {
      const connection = await openConnection(port);
      const startsAt = '2026-01-15T10:00:00.000Z';
      await connection.send(
        webhookRequest({ port, token: TOKEN }, [{ key: 'traced', version: 1, status: 'firing', startsAt }]),
      );
      connection.close();
    } finally {
      // strace itself ignores signals while it writes to a file, and ends when the hub does.
      for (const pid of childrenOf(running.pid)) process.kill(pid, 'SIGTERM');
      await running.ended;
      await running.stop();
    }
    return { ran: true, ...readTrace(readFileSync(output, 'utf8')) };
  } catch (error) {
    return { ran: false, reason: `strace could not run the hub: ${String(error).slice(0, 200)}` };
  } finally {
    removeFolder(folder);
    removeFolder(outputFolder);
  }
}

/** Of the one thread that strace has (proc(5)). */
function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text.trim().split(' ').filter(Boolean).map(Number);
}

/** Finds, in the output of `strace -f -y`, what happened between the signal's arrival and its acknowledgement. */
export function readTrace(text: string): {
  readonly isDurableFirst: boolean;
  readonly calls: readonly string[];
} {
  const calls = joinCalls(text);
  const arrival = calls.findIndex((call) => call.includes('"POST /hooks/prom'));
  const answer = calls.findIndex((call, index) => index > arrival && call.includes('"HTTP/1.1 202'));
  if (arrival < 0 || answer < 0)
    return { isDurableFirst: false, calls: ['the signal or its answer is not in the trace'] };
  const between = calls.slice(arrival + 1, answer);
  const lastWrite = between.findLastIndex((call) => /^\d+ +pwrite(?:64|v)\(.*journal\.db-wal>/.test(call));
  const sync = between.findIndex(
    (call, index) => index > lastWrite && /^\d+ +f(?:data)?sync\(.*journal\.db-wal>\) += 0/.test(call),
  );
  const shown = [calls[arrival], between[lastWrite], between[sync], calls[answer]].filter(
    (call) => call !== undefined,
  );
  return { isDurableFirst: lastWrite >= 0 && sync > lastWrite, calls: shown.map(shorten) };
}

/** Calls in the order in which they ended; strace splits those that overlap in two lines. */
function joinCalls(text: string): string[] {
  const begun = new Map<string, string>();
  const calls: string[] = [];
  for (const line of text.split('\n')) {
    const [, thread = '', rest = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
    const unfinished = /^(.*) <unfinished \.\.\.>$/.exec(rest);
    if (unfinished) {
      begun.set(thread, unfinished[1]!);
      // What is written may be seen by others as soon as the call begins: a write to a socket counts from there.
      if (rest.includes('"HTTP/1.1 202')) calls.push(`${thread} ${unfinished[1]}`);
      continue;
    }
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest);
    if (resumed) calls.push(`${thread} ${begun.get(thread) ?? ''}${resumed[1]}`);
    else if (rest !== '') calls.push(`${thread} ${rest}`);
  }
  return calls;
}

/** Folders are of this run only, and pages of a database are not to be read. */
function shorten(call: string): string {
  const named = call.replaceAll(/<[^<>]*\/([^/<>]+)>/g, '<$1>').replace(/^(\d+) +/, 'thread $1: ');
  return named.includes('pwrite') ? named.replace(/"(?:[^"\\]|\\.)*"/, '…') : named;
}
