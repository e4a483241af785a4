import type { IncomingMessage } from 'node:http';
import { problem, type Problem } from './problem.ts';

/** How reading one body ends: whole, refused, or with the client gone. */
export interface BodyListener {
  arrived(body: Buffer): void;
  refused(found: Problem): void;
  gone(): void;
}

export interface BodyLimits {
  readonly bodyBytes: number;
  readonly timeoutMs: number;
}

export interface BodyReader {
  /** Calls the listener exactly once. `startedAt`: when the request began, for its time limit. */
  read(request: IncomingMessage, limits: BodyLimits, startedAt: number, listener: BodyListener): void;
  /** Gives back the memory of a body that was answered. */
  release(bytes: number): void;
}

interface Reading {
  readonly limits: BodyLimits;
  readonly listener: BodyListener;
  readonly deadline: number;
  readonly stop: () => void;
  chunks: Buffer[];
  bytes: number;
}

const EMPTY = Buffer.alloc(0);
const SWEEP_MS = 100;

/**
 * Reads bodies within limits of size and time, and all of them together within `maxHeldBytes`, so that many large requests
 * at once can't exhaust memory (BR-WH-009, design §2.12). One sweep looks after all deadlines: a timer per request would cost
 * more than most bodies.
 */
export function createBodyReader(now: () => number, maxHeldBytes: number): BodyReader {
  const readings = new Set<Reading>();
  let heldBytes = 0;
  let sweep: NodeJS.Timeout | undefined;

  function end(reading: Reading): boolean {
    if (!readings.delete(reading)) return false;
    reading.stop();
    return true;
  }

  function refuse(reading: Reading, found: Problem): void {
    if (!end(reading)) return;
    heldBytes -= reading.bytes;
    reading.chunks = [];
    reading.listener.refused(found);
  }

  function sweepDeadlines(): void {
    const time = now();
    for (const reading of readings) {
      if (time < reading.deadline) continue;
      const { timeoutMs } = reading.limits;
      refuse(reading, problem('body_too_slow', `The request took longer than ${timeoutMs} ms.`));
    }
    if (readings.size > 0) return;
    clearInterval(sweep);
    sweep = undefined;
  }

  return {
    read(request, limits, startedAt, listener) {
      const declared = request.headers['content-length'];
      const expected = declared === undefined ? undefined : Number(declared);
      if (expected === 0) return listener.arrived(EMPTY);

      const onData = (chunk: Buffer): void => {
        reading.bytes += chunk.length;
        heldBytes += chunk.length;
        if (reading.bytes > limits.bodyBytes) return refuse(reading, tooLarge(limits.bodyBytes));
        if (heldBytes > maxHeldBytes) {
          return refuse(reading, problem('overloaded', 'Too many large requests are under way; send again.'));
        }
        reading.chunks.push(chunk);
        if (reading.bytes === expected) onEnd();
      };
      const onEnd = (): void => {
        if (!end(reading)) return;
        const { chunks } = reading;
        listener.arrived(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, reading.bytes));
      };
      const onError = (): void => {
        if (!end(reading)) return;
        heldBytes -= reading.bytes;
        listener.gone();
      };
      const reading: Reading = {
        limits,
        listener,
        deadline: startedAt + limits.timeoutMs,
        chunks: [],
        bytes: 0,
        stop: () => {
          request.off('data', onData);
          if (expected === undefined) request.off('end', onEnd);
        },
      };
      readings.add(reading);
      request.on('data', onData);
      if (expected === undefined) request.on('end', onEnd);
      // Stays attached: a connection that breaks after the body would otherwise throw.
      request.on('error', onError);
      sweep ??= setInterval(sweepDeadlines, SWEEP_MS).unref();
    },
    release(bytes) {
      heldBytes -= bytes;
    },
  };
}

/** For a body whose declared length says it all. */
export function tooLarge(limitBytes: number): Problem {
  return problem('body_too_large', `The body may have ${limitBytes} bytes at most.`);
}
