import { Type, type Static } from '@signalbox/sdk';
import type { QuarantineRow } from '../../store/port.ts';
import { rfc3339 } from './rfc3339.ts';
import { oneOf, stringMap, tenantName, timestamp } from './schema.ts';

export const quarantineStatus = oneOf(
  ['held', 'redriven', 'discarded'],
  '`held` waits for a person; the others are settled.',
);

export const signalProblemSchema = Type.Object(
  {
    code: Type.String({ examples: ['wrong_shape'] }),
    detail: Type.String({ examples: ['labels must be an object of strings'] }),
    field: Type.Optional(Type.String({ examples: ['alerts[0].labels'] })),
  },
  { description: 'Why the signal could not be understood.' },
);

const fields = {
  id: Type.String({ description: 'The signal’s id: the stem of the receipt that its sender got.' }),
  tenant: tenantName,
  integration: Type.String({ examples: ['prom'] }),
  received_at: timestamp('When it came in.'),
  status: quarantineStatus,
  problem: signalProblemSchema,
};

export const quarantinedSchema = Type.Object(fields, {
  $id: 'QuarantinedSignal',
  description: 'An authenticated signal that could not be understood.',
});
export type QuarantinedView = Static<typeof quarantinedSchema>;

export const quarantinedDetailSchema = Type.Object(
  {
    ...fields,
    request: Type.Object({
      method: Type.String({ examples: ['POST'] }),
      path: Type.String({ examples: ['/hooks/prom'] }),
      content_type: Type.String({ examples: ['application/json'] }),
      headers: stringMap('Request headers that the source reads; credentials are left out.', {
        'x-github-event': 'push',
      }),
      body_base64: Type.String({ contentEncoding: 'base64', description: 'The body as received.' }),
    }),
  },
  { $id: 'QuarantinedSignalDetail', description: 'A quarantined signal with the request as received.' },
);
export type QuarantinedDetailView = Static<typeof quarantinedDetailSchema>;

export function presentQuarantined(row: Omit<QuarantineRow, 'request'>): QuarantinedView {
  return {
    id: row.id,
    tenant: row.tenant,
    integration: row.integration,
    received_at: rfc3339(row.receivedAt),
    status: row.status,
    problem: {
      code: row.problem.code,
      detail: row.problem.detail,
      ...(row.problem.field !== undefined && { field: row.problem.field }),
    },
  };
}

export function presentQuarantinedDetail(row: QuarantineRow): QuarantinedDetailView {
  return {
    ...presentQuarantined(row),
    request: {
      method: row.request.method,
      path: row.request.path.split('?', 1)[0]!,
      content_type: row.request.contentType,
      headers: withoutCredentials(row.request.headers),
      body_base64: row.request.body,
    },
  };
}

const CREDENTIAL = /auth|cookie|token|secret|signature|password|api-?key/i;

/** The intake keeps only what a source reads; a signature or key among that is still nobody's to see. */
function withoutCredentials(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !CREDENTIAL.test(name)));
}
