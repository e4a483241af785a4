import { Type, type Static } from '@signalbox/sdk';
import { CHAIN_STAGES, VERDICTS, type Explanation } from '../../explanation/explanation.ts';
import { deliveryStatus } from './present-delivery.ts';
import { rfc3339 } from './rfc3339.ts';
import { alertStatus, fingerprint, oneOf, priority, tenantName, timestamp } from './schema.ts';

const entrySchema = Type.Object({
  text: Type.String({ examples: ['silenced by ada until 2026-03-01 12:00:00 UTC'] }),
  rule: Type.Optional(Type.String({ description: 'What said so: a rule, a route, an integration.' })),
  at: Type.Optional(timestamp('When it was last so.')),
  count: Type.Optional(Type.Integer({ description: 'How often it was decided so.' })),
  tone: Type.Optional(
    oneOf(
      ['good', 'bad', 'held'],
      '`bad`: something failed or is missing. `held`: it keeps people from being told.',
    ),
  ),
});

const tellingSchema = Type.Object({
  at: timestamp('When it was decided to tell.'),
  integration: Type.String({ examples: ['pager'] }),
  receiver: Type.String({ examples: ['on-call'] }),
  delivery_id: Type.String(),
  says: alertStatus,
  why: Type.Optional(Type.String({ description: 'Why the group told.', examples: ['first'] })),
  status: deliveryStatus,
  instead_of: Type.Optional(Type.String({ description: 'The integration that it stands in for.' })),
  outcome: Type.String({ description: 'What became of it, in words.' }),
  attempts: Type.Array(
    Type.Object({
      at: timestamp('When it began.'),
      outcome: Type.String({ examples: ['failed'] }),
      detail: Type.String(),
    }),
    { description: 'Every try, oldest first.' },
  ),
});

export const explanationSchema = Type.Object(
  {
    alert: Type.Object({
      tenant: tenantName,
      fingerprint,
      name: Type.String({ examples: ['DiskFull'] }),
      status: alertStatus,
      severity: Type.String({ examples: ['critical'] }),
      priority,
      episode: Type.Integer({ minimum: 1 }),
      starts_at: timestamp('When this episode began.'),
    }),
    verdict: oneOf(
      VERDICTS,
      'Whether somebody was told that it fires, else the reason why nobody was. `told`: at least one integration was.',
    ),
    answer: Type.String({
      description: 'The verdict as a sentence for people.',
      examples: ['Told that it fires: pager at 2026-03-01 09:30:30 UTC.'],
    }),
    chain: Type.Array(
      Type.Object({
        stage: oneOf(CHAIN_STAGES, 'A part of the flow.'),
        entries: Type.Array(entrySchema, { description: 'Empty when nothing is known of this stage.' }),
      }),
      { description: 'Everything that happened to it, in the order of the flow; all stages are named.' },
    ),
    told: Type.Array(tellingSchema, {
      description: 'Messages that show it in this episode and what became of them, newest first.',
    }),
    next: Type.Array(
      Type.Object({
        at: timestamp('When; a time in the past is due now.'),
        kind: oneOf(
          ['flush', 'repeat', 'retry', 'deadline', 'release', 'expiry', 'lifecycle', 'incident', 'workflow'],
          '`release`: what holds it ends. `deadline`: a delivery is given up. `workflow`: an engine is asked how a run goes on.',
        ),
        text: Type.String(),
      }),
      { description: 'What happens by itself from now on, earliest first.' },
    ),
  },
  { $id: 'Explanation', description: 'Why an alert was or was not told, to whom, and what happens next.' },
);
export type ExplanationView = Static<typeof explanationSchema>;

export function presentExplanation({
  alert,
  verdict,
  answer,
  chain,
  told,
  next,
}: Explanation): ExplanationView {
  const { startsAt, ...known } = alert;
  return {
    alert: { ...known, starts_at: rfc3339(startsAt) },
    verdict,
    answer,
    chain: chain.map(({ stage, entries }) => ({
      stage,
      entries: entries.map(({ at, ...entry }) => ({
        ...entry,
        ...(at === undefined ? {} : { at: rfc3339(at) }),
      })),
    })),
    told: told.map(({ at, deliveryId, insteadOf, attempts, ...telling }) => ({
      ...telling,
      at: rfc3339(at),
      delivery_id: deliveryId,
      ...(insteadOf === undefined ? {} : { instead_of: insteadOf }),
      attempts: attempts.map((attempt) => ({ ...attempt, at: rfc3339(attempt.at) })),
    })),
    next: next.map(({ at, kind, text }) => ({ at: rfc3339(at), kind, text })),
  };
}
