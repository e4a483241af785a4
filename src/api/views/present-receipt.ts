import { Type, type Static } from '@signalbox/sdk';
import type { ReceiptRow } from '../../store/port.ts';
import { rfc3339 } from './rfc3339.ts';
import { fingerprint, oneOf, timestamp } from './schema.ts';

export const receiptSchema = Type.Object(
  {
    receipt: Type.String({
      description: 'As the sender got it.',
      examples: ['0193f0c2a4b1c93e5f00112233445566-3-1042'],
    }),
    status: oneOf(
      ['accepted', 'processed', 'quarantined'],
      '`accepted`: on disk, not processed yet. `quarantined`: waits for a person.',
    ),
    integration: Type.Optional(Type.String({ examples: ['prom'] })),
    received_at: Type.Optional(timestamp('When the signal came in.')),
    processed_at: Type.Optional(timestamp('When the last of its parts was processed.')),
    parts: Type.Optional(Type.Integer({ description: 'How many records the signal was split into.' })),
    parts_done: Type.Optional(Type.Integer({ description: 'How many of them are processed.' })),
    alerts: Type.Array(fingerprint, { description: 'The alerts it touched so far.' }),
    duplicate_of: Type.Optional(Type.String({ description: 'The earlier signal that said the same.' })),
    outcome: Type.Optional(
      Type.Object(
        {
          ok: Type.Boolean(),
          changed: Type.Optional(Type.Boolean({ description: 'Whether it made a difference.' })),
          code: Type.Optional(Type.String({ examples: ['conflict'] })),
          detail: Type.Optional(Type.String({ description: 'Why it was refused, for people.' })),
        },
        { description: 'Of a command on an alert: what came of it.' },
      ),
    ),
  },
  { $id: 'Receipt', description: 'What became of a signal.' },
);
export type ReceiptView = Static<typeof receiptSchema>;

/** A signal that stands in the journal and has no row of its own. */
export function presentAccepted(receipt: string): ReceiptView {
  return { receipt, status: 'accepted', alerts: [] };
}

/** Parts of one signal may be processed apart from each other; until the last is, the signal is only accepted. */
export function presentReceipt(receipt: string, row: ReceiptRow): ReceiptView {
  const isDone = row.partsDone >= row.parts;
  return {
    receipt,
    status: isDone ? row.status : 'accepted',
    integration: row.integration,
    received_at: rfc3339(row.receivedAt),
    ...(isDone && { processed_at: rfc3339(row.processedAt) }),
    parts: row.parts,
    parts_done: row.partsDone,
    alerts: [...row.alerts],
    ...(row.duplicateOf !== undefined && { duplicate_of: row.duplicateOf }),
    ...(row.outcome && { outcome: row.outcome }),
  };
}
