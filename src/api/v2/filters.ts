import { RE2JS } from 're2js';
import type { Labels, Matcher } from '../../model/matcher.ts';
import { parseMatcher } from '../../model/parse-matcher.ts';
import type { Services } from '../services.ts';
import { Refusal } from './refusal.ts';

/** `filter` of a query: one matcher each, all of which have to hold. */
export function readFilters(texts: readonly string[], about = ''): readonly Matcher[] {
  return texts.map((text) => {
    const parsed = parseMatcher(text);
    if (typeof parsed !== 'string') return parsed;
    throw new Refusal(400, `${about}${parsed}`);
  });
}

/** Alertmanager's meaning of a filter over labels: a matcher for the empty value asks whether the name is there at all. */
export function passesFilters(filters: readonly Matcher[], labels: Labels): boolean {
  return filters.every(({ name, op, value, test }) => {
    const isThere = Object.hasOwn(labels, name);
    if (value === '' && (op === '!=' || op === '!~') && isThere) return true;
    if (value === '' && (op === '=' || op === '=~') && !isThere) return true;
    return test(isThere ? labels[name]! : '');
  });
}

/** A filter over silences: each of its matchers stands in the silence as it is. */
export function hasMatchers(
  filters: readonly Matcher[],
  matchers: readonly Pick<Matcher, 'name' | 'op' | 'value'>[],
): boolean {
  return filters.every(({ name, op, value }) =>
    matchers.some((one) => one.name === name && one.op === op && one.value === value),
  );
}

export interface ReceiverQuery {
  /** An anchored regular expression. */
  readonly receiver?: string;
  /** Matchers over the labels of receivers. */
  readonly receiverMatchers: readonly string[];
}

/** By the name of a receiver, whether a query asks for it. */
export interface ReceiverFilter {
  hasName(receiver: string): boolean;
  hasLabels(receiver: string): boolean;
}

export function readReceiverFilter(
  { receiver = '', receiverMatchers }: ReceiverQuery,
  labelsOf: (receiver: string) => Labels,
): ReceiverFilter {
  const filters = readFilters(receiverMatchers, 'failed to parse receiver_matchers param: ');
  const hasLabels = (name: string): boolean => passesFilters(filters, labelsOf(name));
  if (receiver === '') return { hasName: () => true, hasLabels };
  try {
    const pattern = RE2JS.compile(`^(?:${receiver})$`);
    return { hasName: (name) => pattern.test(name), hasLabels };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Refusal(400, `failed to parse receiver param: ${reason}`);
  }
}

/** The labels of a receiver as Alertmanager tells them: those of the file, and its name. */
export function receiverLabels({ alertmanager }: Pick<Services, 'alertmanager'>, name: string): Labels {
  const labels = alertmanager?.receiverLabels() ?? {};
  return { ...(Object.hasOwn(labels, name) ? labels[name] : {}), name };
}
