import type { ExpressionOptions } from '@signalbox/sdk';

/**
 * What conditions may name, with its types. A label, annotation or fact that is not there reads as '', as it does for matchers;
 * `has(alert.labels.team)` tells the difference.
 */
export const CONDITION: ExpressionOptions = {
  variables: {
    alert: {
      labels: 'map<string, string>',
      annotations: 'map<string, string>',
      severity: 'string',
      priority: 'string',
      status: 'string',
      startsAt: 'google.protobuf.Timestamp',
      tenant: 'string',
      fingerprint: 'string',
      details: 'map<string, dyn>',
    },
    facts: {
      environment: 'string',
      certainty: 'string',
      isProduction: 'bool',
      findings: 'list<dyn>',
      businessUnit: 'string',
      criticality: 'string',
      slo: 'string',
      costCenter: 'string',
      compliance: 'list<string>',
      assessment: { level: 'string', impact: 'string', urgency: 'string', rule: 'string' },
      score: { value: 'double', why: 'list<dyn>' },
      context: 'map<string, dyn>',
      missing: 'map<string, string>',
      analysis: {
        summary: 'string',
        probableCause: 'string',
        by: 'string',
        score: { value: 'double', why: 'string', by: 'string' },
      },
    },
    integration: 'string',
    now: 'google.protobuf.Timestamp',
  },
  blank: ['alert', 'alert.labels', 'alert.annotations', 'facts'],
  result: 'bool',
};

/** The same names for expressions that give a text. */
export const TEXT: ExpressionOptions = { ...CONDITION, result: 'string' };
