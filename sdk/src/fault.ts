import type { AlertData } from './event.ts';
/**
 * Faults are told apart by what has to happen next, never by class: recognise them by `code`, because two copies
 * of this package may be loaded (design §4, BR-ERR-001…004).
 */
export const FAULT_CODES = [
  'SB_CONFIG',
  'SB_AUTH',
  'SB_RATE_LIMITED',
  'SB_UNAVAILABLE',
  'SB_REJECTED',
] as const;
export type FaultCode = (typeof FAULT_CODES)[number];

export interface FaultDetails {
  /** The setting or the field of the payload that is wrong, as a path: `config.url`, `alerts[3].labels`. */
  readonly field?: string;
  /** For `SB_RATE_LIMITED` and `SB_UNAVAILABLE`: not before this many milliseconds. */
  readonly retryAfterMs?: number;
  /** The vendor's HTTP status, when there was one. */
  readonly status?: number;
  /**
   * For `SB_REJECTED` of a source: the alerts of the signal that could be read all the same. They are taken, and the signal is kept and refused
   * because of the others. Only where the vendor's own server does so.
   */
  readonly taken?: readonly AlertData[];
  readonly cause?: unknown;
}

/**
 * The one error class that connectors throw. The message is for people: it names host and status, never a URL's
 * query, a header, a credential or personal data.
 *
 * @example
 * throw new Fault('SB_REJECTED', 'labels must be an object of strings', { field: 'alerts[0].labels' });
 */
export class Fault extends Error {
  readonly code: FaultCode;
  readonly field: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly status: number | undefined;
  readonly taken: readonly AlertData[] | undefined;

  constructor(code: FaultCode, message: string, details: FaultDetails = {}) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.name = 'Fault';
    this.code = code;
    this.field = details.field;
    this.retryAfterMs = details.retryAfterMs;
    this.status = details.status;
    this.taken = details.taken;
  }
}

/** Whether something thrown is a fault, of this or of another copy of the package. */
export function isFault(thrown: unknown): thrown is Fault {
  return thrown instanceof Error && 'code' in thrown && FAULT_CODES.includes(thrown.code as FaultCode);
}

/** Whether the same request may succeed later without a person changing anything (BR-ERR-002). */
export function isTransient(code: FaultCode): boolean {
  return code === 'SB_UNAVAILABLE' || code === 'SB_RATE_LIMITED';
}
