import assert from 'node:assert/strict';
import { redactText } from '../redact.ts';

/** Fails when any of the texts, errors or values holds a secret, without repeating it. */
export function assertNoSecret(
  secrets: readonly string[],
  where: string,
  ...values: readonly unknown[]
): void {
  for (const text of values.flatMap((value) => textsOf(value))) {
    const redacted = redactText(text, secrets);
    assert.ok(redacted === text, `${where} holds a secret of the configuration: ${redacted}`);
  }
}

/** Message, stack and own fields of an error and of all its causes; any other value as JSON. */
function textsOf(value: unknown, depth = 0): readonly string[] {
  if (value === undefined || value === null || depth > 8) return [];
  if (typeof value === 'string') return [value];
  if (!(value instanceof Error)) return [JSON.stringify(value) ?? ''];
  const own = Object.entries(value).map(([, field]) => field as unknown);
  return [
    value.message,
    value.stack ?? '',
    ...[...own, value.cause].flatMap((field) => textsOf(field, depth + 1)),
  ];
}
