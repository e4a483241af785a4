import { hash } from 'node:crypto';
import { isMissingField, redactConfig, type Connector } from '@signalbox/sdk';
import type { EnrichmentSettings, Settings } from '../model/settings.ts';
import { compileCondition } from '../rules/condition.ts';
import type { LookUp, Subject } from './look-up.ts';

/** What one enrichment wants to know of an alert. A rehearsal works it out again, to find the answer that was recorded. */
export type Question =
  | { readonly kind: 'key'; readonly key: string; readonly recordKey: string }
  /** Its condition or its connector failed on this alert. */
  | { readonly kind: 'broken'; readonly error: unknown }
  | { readonly kind: 'too-long' };

export const MAX_KEY_CHARACTERS = 1_024;

/** What there is to ask about an alert; undefined: nothing. */
export function createQuestion(
  settings: EnrichmentSettings,
  lookUp: Pick<LookUp, 'cacheKey' | 'recordKey'>,
): (subject: Subject) => Question | undefined {
  const condition = compileCondition(settings);
  return (subject) => {
    let key: string | undefined;
    let recordKey: string | undefined;
    try {
      key = condition.test(subject.view) ? lookUp.cacheKey(subject) : undefined;
      if (key !== undefined) recordKey = lookUp.recordKey?.(subject);
    } catch (error) {
      // As in rules: what is about a field that is not there is not about this alert.
      return isMissingField(error) ? undefined : { kind: 'broken', error };
    }
    if (key === undefined) return undefined;
    const isKey = typeof key === 'string' && key.length <= MAX_KEY_CHARACTERS;
    return isKey ? { kind: 'key', key, recordKey: recordKey ?? key } : { kind: 'too-long' };
  };
}

/** The history of an alert is asked for under its name: how often it fired so far is what a replay does not know. */
export function historyKey({ tenant, alert }: Subject): string {
  return `${tenant}/${alert.fingerprint}`;
}

/**
 * Tells what is asked, and of whom, from what was asked under other settings: an answer counts only where this is the same. Secrets are taken
 * out first, so that it tells nothing of them and a new password changes nothing.
 */
export function definitionOf(
  { id, source, when, matchers = [] }: EnrichmentSettings,
  integrations: Settings['integrations'],
  connectorOf: (integration: string) => Connector | undefined,
): string {
  const asked = { id, when, matchers: matchers.map(({ name, op, value }) => [name, op, value]) };
  if (source.kind === 'history') return digest(JSON.stringify({ ...asked, source: 'history' }));
  const { connector = '', config } = integrations[source.integration] ?? {};
  const schema = connectorOf(source.integration)?.config;
  return digest(
    JSON.stringify({ ...asked, source: connector, config: schema && redactConfig(schema, config) }),
  );
}

/** 16 hexadecimal digits: questions of one batch are told apart, and nobody reads a key that may hold a part of an address. */
export function digest(text: string): string {
  return hash('sha256', text).slice(0, 16);
}
