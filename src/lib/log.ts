import { pino, type DestinationStream } from 'pino';
import type { Logger } from '@signalbox/sdk';

export type { Logger };

/**
 * JSON lines on standard error, so that standard output stays free for what commands print and for the console notifier.
 * `bindings` go with every line, e.g. `{ part: 'intake' }`.
 */
export function createLog(
  level: 'debug' | 'info' | 'warn' | 'error' | 'silent',
  bindings: Readonly<Record<string, unknown>> = {},
  stream: DestinationStream = process.stderr,
): Logger & { child(bindings: Readonly<Record<string, unknown>>): Logger } {
  const base = pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    stream,
  ).child(bindings);
  const wrap = (
    logger: typeof base,
  ): Logger & { child(bindings: Readonly<Record<string, unknown>>): Logger } => ({
    debug: (message, fields) => logger.debug(fields ?? {}, message),
    info: (message, fields) => logger.info(fields ?? {}, message),
    warn: (message, fields) => logger.warn(fields ?? {}, message),
    error: (message, fields) => logger.error(fields ?? {}, message),
    child: (more) => wrap(logger.child(more)),
  });
  return wrap(base);
}
