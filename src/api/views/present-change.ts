import { Type, type Static } from '@signalbox/sdk';
import type { Change } from '../../store/port.ts';
import type { ChangeRow } from '../../store/reader.ts';
import { rfc3339 } from './rfc3339.ts';
import { oneOf, tenantName, timestamp } from './schema.ts';

export const CHANGE_KINDS = [
  'alert',
  'incident',
  'delivery',
  'quarantine',
  'config',
  'silence',
  'approval',
  'workflow_run',
] as const satisfies readonly Change['kind'][];

export const changeSchema = Type.Object(
  {
    seq: Type.Integer({ description: 'Its place in the feed.' }),
    at: timestamp('When it was committed.'),
    tenant: tenantName,
    kind: oneOf(CHANGE_KINDS, 'What changed.'),
    id: Type.String({
      description:
        'A fingerprint, or the id of the incident, delivery, signal, silence, approval, workflow run or revision.',
    }),
    status: Type.String({ description: 'The new status.', examples: ['firing'] }),
    data: Type.Unsafe<Readonly<Record<string, unknown>>>({
      type: 'object',
      additionalProperties: true,
      description: 'What a list needs to show.',
    }),
  },
  { $id: 'Change', description: 'One entry of the live stream.' },
);
export type ChangeView = Static<typeof changeSchema>;

export const streamMessageSchema = Type.Object(
  {
    type: oneOf(
      ['changes', 'reset'],
      '`reset`: the cursor has expired or is unknown; load the lists anew, then go on from this cursor.',
    ),
    cursor: Type.Integer({ description: 'Resume after this.' }),
    changes: Type.Optional(
      Type.Array(Type.Unsafe<ChangeView>({ $ref: 'Change#' }), { description: 'Oldest first.' }),
    ),
  },
  { $id: 'StreamMessage', description: 'One text message of the live stream.' },
);

export function presentChange(change: ChangeRow): ChangeView {
  return {
    seq: change.seq,
    at: rfc3339(change.at),
    tenant: change.tenant,
    kind: change.kind,
    id: change.id,
    status: change.status,
    data: change.data,
  };
}
