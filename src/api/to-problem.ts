import type { FastifyError } from 'fastify';
import { Problem } from './problem.ts';

type ValidationFinding = NonNullable<FastifyError['validation']>[number];

/**
 * Turns whatever was thrown while answering into a refusal. What is not recognised is our bug: it becomes `internal` with a
 * detail that tells nothing, and the cause is for the log only.
 */
export function toProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  if (!(thrown instanceof Error)) return internal(thrown);
  const { code, validation, validationContext } = thrown as Partial<FastifyError> & Error;
  if (validation) return invalid(validation, validationContext ?? 'body');
  if (code === 'ECONNRESET' && thrown.message === 'aborted') {
    return new Problem('malformed_request', 'The connection ended before the body did.');
  }
  switch (code) {
    case 'store_unavailable':
    case 'journal_unavailable':
      return new Problem('unavailable', 'The hub’s disk refuses at the moment. Try again later.', {
        cause: thrown,
      });
    case 'bad_cursor':
      return new Problem('invalid_cursor', 'Use the `next` of a former page of this list.', {
        field: 'cursor',
      });
    case 'FST_ERR_HANDLER_TIMEOUT':
      return new Problem('timeout', 'The answer took too long. Try again later or ask for less.', {
        cause: thrown,
      });
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new Problem('not_found', 'No id is as long as that.');
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new Problem('body_too_large', 'The body may have at most 1 MiB.');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new Problem('unsupported_media_type', 'Send the body as application/json.');
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return new Problem('malformed_request', 'The body is empty. Leave out the content type or send JSON.');
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
    case 'FST_ERR_BAD_URL':
      return new Problem('malformed_request', 'The request could not be read: bad JSON, length or address.');
    default:
      return internal(thrown);
  }
}

function internal(cause: unknown): Problem {
  const detail = 'The hub made an error. Its log tells more under this correlation id.';
  return new Problem('internal', detail, { cause });
}

/** A wrong body is 422 as at the webhooks, a wrong parameter 400. */
function invalid(findings: readonly ValidationFinding[], context: string): Problem {
  const unknown = findings.flatMap((finding) =>
    finding.keyword === 'additionalProperties' ? [String(finding.params['additionalProperty'])] : [],
  );
  const code = context === 'body' ? 'invalid_body' : 'invalid_parameter';
  if (unknown.length > 0) {
    const names = unknown.map((name) => `“${name.slice(0, 100)}”`).join(', ');
    return new Problem(code, `Not known here: ${names}.`, { field: unknown[0]!.slice(0, 100) });
  }
  const finding = findings[0]!;
  const field = fieldOf(finding);
  const allowed = finding.params['allowedValues'];
  const choice = Array.isArray(allowed) ? `: ${allowed.join(', ')}` : '';
  return new Problem(
    code,
    `${field || 'It'} ${finding.message ?? 'is wrong'}${choice}.`,
    field ? { field } : {},
  );
}

/** `/limit` becomes `limit`, `/alerts/0/labels` becomes `alerts[0].labels`. */
function fieldOf(finding: ValidationFinding): string {
  const missing = finding.keyword === 'required' ? `/${String(finding.params['missingProperty'])}` : '';
  return `${finding.instancePath}${missing}`
    .replace(/\/(\d+)(?=\/|$)/g, '[$1]')
    .replace(/^\//, '')
    .replaceAll('/', '.');
}
