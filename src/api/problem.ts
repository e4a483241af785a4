import { Type, type Static } from '@signalbox/sdk';

/**
 * Everything that the API can refuse a request for. The code is stable and part of the `type`; the words may change.
 */
export const PROBLEMS = {
  invalid_parameter: { status: 400, title: 'A parameter is wrong' },
  invalid_cursor: { status: 400, title: 'The cursor is not one of this list' },
  malformed_request: { status: 400, title: 'The request could not be read' },
  unauthenticated: { status: 401, title: 'A bearer token is needed' },
  not_local: { status: 403, title: 'Served on loopback only' },
  cross_origin: { status: 403, title: 'Another site may not do this' },
  not_found: { status: 404, title: 'There is no such thing' },
  method_not_allowed: { status: 405, title: 'This address takes other methods' },
  receipt_expired: { status: 404, title: 'The receipt is no longer kept' },
  conflict: { status: 409, title: 'Its state does not allow this' },
  approval_needed: { status: 409, title: 'Somebody has to approve it first' },
  too_broad: { status: 409, title: 'It has to be confirmed' },
  not_a_notifier: { status: 409, title: 'The integration cannot deliver' },
  body_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'Only application/json is read here' },
  invalid_body: { status: 422, title: 'The body has the wrong shape' },
  upgrade_required: { status: 426, title: 'This is a WebSocket' },
  internal: { status: 500, title: 'An error of the hub itself' },
  unavailable: { status: 503, title: 'Not possible right now' },
  timeout: { status: 503, title: 'It took too long' },
} as const satisfies Record<string, { status: number; title: string }>;
export type ProblemCode = keyof typeof PROBLEMS;

/** A refusal that is answered as RFC 9457 problem details. `detail` is for people and never holds an internal of the hub. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly status: number;
  readonly field: string | undefined;
  /** Where to see what becomes of a request that is not refused for good. */
  readonly statusUrl: string | undefined;

  constructor(
    code: ProblemCode,
    detail: string,
    options: { field?: string; statusUrl?: string; cause?: unknown } = {},
  ) {
    super(detail, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'Problem';
    this.code = code;
    this.status = PROBLEMS[code].status;
    this.field = options.field;
    this.statusUrl = options.statusUrl;
  }
}

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

export const problemSchema = Type.Object(
  {
    type: Type.String({
      format: 'uri-reference',
      description: 'Names the kind of problem; stable.',
      examples: ['/problems/not_found'],
    }),
    title: Type.String({
      description: 'The kind of problem in words.',
      examples: ['There is no such thing'],
    }),
    status: Type.Integer({ examples: [404] }),
    code: Type.String({ description: 'The last part of `type`.', examples: ['not_found'] }),
    detail: Type.String({
      description: 'What happened and what to do, for people.',
      examples: ['There is no alert with the fingerprint 5ef77f1f8a3ecfd7.'],
    }),
    field: Type.Optional(
      Type.String({
        description: 'The parameter or the path in the body that is wrong.',
        examples: ['limit'],
      }),
    ),
    status_url: Type.Optional(
      Type.String({
        format: 'uri-reference',
        description: 'Where to see what becomes of it: the request was taken and is not done yet.',
      }),
    ),
    correlation_id: Type.String({
      description: 'The same as in the header `x-correlation-id` and in the hub’s log.',
    }),
  },
  { $id: 'Problem', description: 'An error as RFC 9457 problem details.' },
);
export type ProblemView = Static<typeof problemSchema>;

export function presentProblem(problem: Problem, correlationId: string): ProblemView {
  return {
    type: `/problems/${problem.code}`,
    title: PROBLEMS[problem.code].title,
    status: problem.status,
    code: problem.code,
    detail: problem.message,
    ...(problem.field !== undefined && { field: problem.field }),
    ...(problem.statusUrl !== undefined && { status_url: problem.statusUrl }),
    correlation_id: correlationId,
  };
}

/** What a client needs to do better next time. */
export function problemHeaders({ status }: Problem): Readonly<Record<string, string>> {
  if (status === 401) return { 'www-authenticate': 'Bearer realm="signalbox"' };
  if (status === 426) return { upgrade: 'websocket', connection: 'upgrade' };
  if (status === 503) return { 'retry-after': '5' };
  return {};
}
