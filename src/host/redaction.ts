import { Fault, type Logger } from '@signalbox/sdk';

/** Puts fields into every line and takes secrets out of it. */
export function redactLog(
  log: Logger,
  redact: (text: string) => string,
  bindings: Readonly<Record<string, unknown>>,
): Logger {
  const say = (level: keyof Logger) => (message: string, fields?: Readonly<Record<string, unknown>>) => {
    log[level](redact(message), { ...(redactValue(fields ?? {}, redact) as object), ...bindings });
  };
  return { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') };
}

/** How deep fields of a log line are followed. */
const MAX_DEPTH = 6;

function redactValue(value: unknown, redact: (text: string) => string, depth = 0): unknown {
  if (typeof value === 'string') return redact(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === MAX_DEPTH) return '[too deep]';
  if (value instanceof Error) return redact(value.stack ?? value.message);
  if (Array.isArray(value)) return value.map((item) => redactValue(item, redact, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [key, redactValue(field, redact, depth + 1)]),
  );
}

/** The same fault when nothing in it is secret; otherwise one that says it without, and without its cause. */
export function redactFault(fault: Fault, redact: (text: string) => string): Fault {
  if (isClean(fault, redact)) return fault;
  const { field, retryAfterMs, status } = fault;
  return new Fault(fault.code, redact(fault.message), {
    ...(field === undefined ? {} : { field }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(status === undefined ? {} : { status }),
  });
}

function isClean(error: Error, redact: (text: string) => string): boolean {
  // The stack begins with the message as it was when the error was made, which is not always what it is now.
  const texts = [error.message, error.stack ?? ''];
  if (texts.some((text) => redact(text) !== text)) return false;
  const { cause } = error;
  if (cause === undefined) return true;
  if (cause instanceof Error) return isClean(cause, redact);
  const text = JSON.stringify(cause) ?? '';
  return redact(text) === text;
}

/** What is thrown on for a bug: its redacted message. The stack is in the log. */
export function describeBug(error: unknown, redact: (text: string) => string): Error {
  const message = error instanceof Error ? error.message : String(error);
  return new Error(redact(message));
}
