import { Type, type Static } from '@signalbox/sdk';
import type { Alert } from '../../model/alert.ts';
import type { Decision } from '../../model/decision.ts';
import type { Suppression } from '../../model/suppression.ts';
import { factsSchema, presentFacts, presentSuppression, suppressionSchema } from './present-facts.ts';
import { groupSchema } from './present-group.ts';
import { lifecycleSchema, presentLifecycle } from './present-lifecycle.ts';
import { rfc3339 } from './rfc3339.ts';
import { alertStatus, fingerprint, priority, ref, stringMap, tenantName, timestamp } from './schema.ts';

const fields = {
  tenant: tenantName,
  fingerprint,
  status: alertStatus,
  severity: Type.String({
    description: 'As the sender gave it, in the hub’s own words.',
    examples: ['critical'],
  }),
  priority,
  labels: stringMap('What identifies and routes the alert.', { alertname: 'DiskFull', instance: 'db-1' }),
  annotations: stringMap('What describes the alert.', { summary: 'Disk of db-1 is 97% full' }),
  integration: Type.String({
    description: 'Integration that last spoke about the alert.',
    examples: ['prom'],
  }),
  episode: Type.Integer({ minimum: 1, description: 'Counts re-fires after a resolve, from 1.' }),
  occurrences: Type.Integer({
    minimum: 0,
    description: 'Events folded into this episode, duplicates not counted.',
  }),
  lifecycle: ref(lifecycleSchema),
  starts_at: timestamp('When this episode began.'),
  ends_at: Type.Optional(timestamp('When it ended; only for resolved alerts.')),
  expires_at: Type.Optional(timestamp('When a firing alert resolves by itself unless it is repeated.')),
  last_seen_at: timestamp('Newest signal about it, duplicates included.'),
  changed_at: timestamp('Newest change of status.'),
  event_at: timestamp('The time that the newest accepted event speaks of.'),
  generator_url: Type.Optional(Type.String({ description: 'Where the sender shows the cause.' })),
  details: Type.Optional(
    Type.Unsafe<Readonly<Record<string, unknown>>>({
      type: 'object',
      additionalProperties: true,
      description: 'Whatever else the sender told.',
    }),
  ),
  facts: Type.Optional(ref(factsSchema)),
  hold: Type.Optional(ref(suppressionSchema)),
  suppressed_by: Type.Optional(
    Type.Array(ref(suppressionSchema), {
      description: 'Everything that holds it at this moment; absent when nothing does.',
    }),
  ),
};

export const alertSchema = Type.Object(fields, {
  $id: 'Alert',
  description: 'The current state of one alert identity.',
});
export type AlertView = Static<typeof alertSchema>;

export const decisionSchema = Type.Object(
  {
    stage: Type.String({
      description:
        'Which step decided: normalise, classify, filter, enrich, prioritise, score, fold, lifecycle, analyse, correlate, route, suppress, flush or regroup.',
      examples: ['route'],
    }),
    rule: Type.String({ description: 'The rule or setting that applied.', examples: ['{}/{team="db"}'] }),
    outcome: Type.String({ description: 'What came of it.', examples: ['receiver on-call'] }),
    at: timestamp('When it was last decided so.'),
    count: Type.Integer({ minimum: 1, description: 'How often it was decided so.' }),
  },
  { $id: 'Decision', description: 'The stored explanation of one stage.' },
);
export type DecisionView = Static<typeof decisionSchema>;

export const alertDetailSchema = Type.Object(
  {
    ...fields,
    decisions: Type.Array(ref(decisionSchema), {
      description: 'Why it was or was not told, by itself and by its groups; newest first, at most 100.',
    }),
    groups: Type.Array(ref(groupSchema), { description: 'The groups that hold it now.' }),
    incidents: Type.Array(Type.String(), {
      description: 'Ids of the incidents that it is or was in, newest first, at most 10.',
    }),
  },
  { $id: 'AlertDetail', description: 'An alert with what was decided about it and where it is grouped.' },
);
export type AlertDetailView = Static<typeof alertDetailSchema>;

export function presentAlert(alert: Alert, suppressions: readonly Suppression[] = []): AlertView {
  const end = alert.endsAt === undefined ? undefined : rfc3339(alert.endsAt);
  return {
    tenant: alert.tenant,
    fingerprint: alert.fingerprint,
    status: alert.status,
    severity: alert.severity,
    priority: alert.priority,
    labels: alert.labels,
    annotations: alert.annotations,
    integration: alert.integration,
    episode: alert.episode,
    occurrences: alert.occurrences,
    lifecycle: presentLifecycle(alert),
    starts_at: rfc3339(alert.startsAt),
    ...(end !== undefined && alert.status === 'resolved' && { ends_at: end }),
    ...(end !== undefined && alert.status === 'firing' && { expires_at: end }),
    last_seen_at: rfc3339(alert.lastSeenAt),
    changed_at: rfc3339(alert.changedAt),
    event_at: rfc3339(alert.eventAt),
    ...(alert.generatorURL !== undefined && { generator_url: alert.generatorURL }),
    ...(alert.details !== undefined && { details: alert.details }),
    ...(alert.facts !== undefined && { facts: presentFacts(alert.facts, alert.lifecycle?.at) }),
    ...(alert.hold !== undefined && { hold: presentSuppression(alert.hold) }),
    ...(suppressions.length > 0 && { suppressed_by: suppressions.map(presentSuppression) }),
  };
}

export function presentDecision(decision: Decision): DecisionView {
  return {
    stage: decision.stage,
    rule: decision.rule,
    outcome: decision.outcome,
    at: rfc3339(decision.at),
    count: decision.count,
  };
}
