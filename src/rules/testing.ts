import type { Labels } from '../model/matcher.ts';
import type { RuleSettings } from '../model/rule-settings.ts';
import type { Subject } from './subject.ts';

export const NOW = Date.parse('2026-03-01T10:00:00Z');

export function subject(labels: Labels, rest: Partial<Omit<Subject, 'alert'>> = {}): Subject {
  return {
    alert: {
      labels: { alertname: 'Slow', ...labels },
      annotations: {},
      severity: labels.severity ?? '',
      priority: 'warning',
      status: 'firing',
      startsAt: new Date(NOW - 60_000),
      tenant: 'default',
      fingerprint: 'f1',
      details: {},
    },
    facts: { compliance: [] },
    integration: 'prom',
    now: new Date(NOW),
    ...rest,
  };
}

export function rule(id: string, settings: Partial<Omit<RuleSettings, 'id'>>): RuleSettings {
  return { id, stop: false, ...settings, set: { labels: {}, annotations: {}, ...settings.set } };
}
