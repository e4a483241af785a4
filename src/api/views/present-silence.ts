import { Type, type Static } from '@signalbox/sdk';
import { formatMatcher } from '../../model/create-matcher.ts';
import { silenceState, type Silence } from '../../model/silence.ts';
import { rfc3339 } from './rfc3339.ts';
import { oneOf, priority, stringMap, tenantName, timestamp } from './schema.ts';

export const silenceStateSchema = oneOf(
  ['pending', 'active', 'expired'],
  'By its bounds; a recurring window may be active without holding at this moment.',
);

const recurrenceSchema = Type.Object({
  rrule: Type.String({ examples: ['FREQ=WEEKLY;BYDAY=SU'] }),
  duration_ms: Type.Integer({ minimum: 1, description: 'How long each occurrence lasts.' }),
  time_zone: Type.String({ examples: ['Europe/Berlin'] }),
});

export const silenceSchema = Type.Object(
  {
    id: Type.String(),
    tenant: tenantName,
    kind: oneOf(['silence', 'maintenance'], 'A silence, or a maintenance window.'),
    state: silenceStateSchema,
    matchers: Type.Array(Type.String(), {
      description: 'Which alerts are held; all must match.',
      examples: [['alertname="DiskFull"']],
    }),
    starts_at: timestamp('When it begins.'),
    ends_at: timestamp('When it ends; of a recurring window: after this it does not come again.'),
    recurrence: Type.Optional(recurrenceSchema),
    announce: Type.Optional(Type.Boolean({ description: 'Whether its begin and end are told.' })),
    created_by: Type.String({ description: 'Whose it is, as claimed.', examples: ['ada'] }),
    comment: Type.String({ description: 'The reason.' }),
    annotations: stringMap('Whatever else was noted.', { ticket: 'OPS-1' }),
    updated_at: timestamp('When it was last changed.'),
  },
  { $id: 'Silence', description: 'Alerts about which a person asked to be quiet for a time.' },
);
export type SilenceView = Static<typeof silenceSchema>;

export const silencePreviewSchema = Type.Object(
  {
    matching: Type.Integer({ minimum: 0, description: 'Firing alerts that it would hold now.' }),
    firing: Type.Integer({ minimum: 0, description: 'All that fire in the tenant.' }),
    is_complete: Type.Boolean({ description: 'False when there were too many to count them all.' }),
    by_priority: Type.Array(Type.Object({ priority, count: Type.Integer() })),
    sample: Type.Array(Type.Object({ fingerprint: Type.String(), labels: stringMap('Its labels.', {}) }), {
      description: 'Some of them.',
    }),
    warning: Type.Optional(
      Type.String({ description: 'Why it has to be confirmed; absent when it need not be.' }),
    ),
  },
  { $id: 'SilencePreview', description: 'What a silence would hold at this moment.' },
);
export type SilencePreview = Static<typeof silencePreviewSchema>;

export function presentSilence(silence: Silence, now: number): SilenceView {
  const { recurrence } = silence;
  return {
    id: silence.id,
    tenant: silence.tenant,
    kind: silence.kind,
    state: silenceState(silence, now),
    matchers: silence.matchers.map(formatMatcher),
    starts_at: rfc3339(silence.startsAt),
    ends_at: rfc3339(silence.endsAt),
    ...(recurrence && {
      recurrence: {
        rrule: recurrence.rrule,
        duration_ms: recurrence.durationMs,
        time_zone: recurrence.timeZone,
      },
    }),
    ...(silence.announce === undefined ? {} : { announce: silence.announce }),
    created_by: silence.createdBy,
    comment: silence.comment,
    annotations: silence.annotations,
    updated_at: rfc3339(silence.updatedAt),
  };
}
