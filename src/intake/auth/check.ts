import type { IncomingMessage } from 'node:http';
import { problem, type Problem } from '../problem.ts';

/** Undefined: passed. */
export type Verdict = Problem | undefined;

/** Looks at the request before its body is read. Only JWT answers later, because verifying a key may need a fetch. */
export type HeadCheck = (request: IncomingMessage, now: number) => Verdict | Promise<Verdict>;

/** Looks at the body exactly as received, before it is inflated. */
export type BodyCheck = (request: IncomingMessage, body: Uint8Array, now: number) => Verdict;

/**
 * The one answer to every failed proof. It doesn't say what was wrong with the credential, because nobody has proven yet that
 * they may know (BR-WH-012, C-22).
 */
export function unauthenticated(
  challenge: string,
  detail = 'The request carries no valid credentials.',
): Problem {
  return { ...problem('unauthenticated', detail), challenge };
}
