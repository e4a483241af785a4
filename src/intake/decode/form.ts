import { sanitise } from '../sanitise.ts';
import { decodeJson } from './json.ts';
import type { Decoded } from './text.ts';

/**
 * Form data (https://url.spec.whatwg.org/#application/x-www-form-urlencoded) as an object; a repeated field is a list. A single field
 * `payload` that holds JSON, as GitHub and Slack send it, is the body itself.
 */
export function decodeForm(text: string, depth: number): Decoded<unknown> {
  const fields = Object.create(null) as Record<string, string | string[]>;
  for (const [name, value] of new URLSearchParams(text)) {
    const before = fields[name];
    if (before === undefined) fields[name] = value;
    else if (typeof before === 'string') fields[name] = [before, value];
    else before.push(value);
  }
  const payload = fields['payload'];
  if (typeof payload === 'string' && /^\s*[[{]/.test(payload) && Object.keys(fields).length === 1) {
    return decodeJson(payload, depth);
  }
  return sanitise({ ...fields }, depth);
}
