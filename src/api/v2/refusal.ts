import type { FastifyError } from 'fastify';
import { toProblem } from '../to-problem.ts';

/** A request that Alertmanager answers with a JSON text, or, when it has a `code`, with an object. */
export class Refusal extends Error {
  readonly status: number;
  /** Of what is wrong with the shape of a request (https://github.com/go-openapi/errors). */
  readonly code: number | undefined;

  constructor(status: number, message: string, code?: number) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const WRONG_TYPE = 601;
const REQUIRED = 602;
const TOO_FEW = 612;

/** Whatever was thrown while answering, as Alertmanager refuses it; what has no like there is said in our words. */
export function refusalOf(thrown: unknown): Refusal {
  if (thrown instanceof Refusal) return thrown;
  const [finding] = (thrown as Partial<FastifyError>).validation ?? [];
  if (finding?.keyword === 'required') {
    const name = String(finding.params['missingProperty']);
    return new Refusal(422, `${placeOf(finding.instancePath, name)} in body is required`, REQUIRED);
  }
  if (finding?.keyword === 'minItems') {
    const least = String(finding.params['limit']);
    const place = placeOf(finding.instancePath);
    return new Refusal(422, `${place} in body should have at least ${least} items`, TOO_FEW);
  }
  const { status, message } = toProblem(thrown);
  // What is no JSON of the right types can't be read there, which is 400.
  return status === 422 ? new Refusal(400, message, 400) : new Refusal(status, message, status);
}

/** `/matchers/0` and `isRegex` → `matchers.0.isRegex`. */
function placeOf(pointer: string, name?: string): string {
  return [...pointer.split('/').slice(1), ...(name === undefined ? [] : [name])].join('.');
}

/** An id in a path that can't be one of a silence. */
export function noSuchId(id: string): Refusal {
  return UUID.test(id)
    ? new Refusal(404, '')
    : new Refusal(422, `silenceID in path must be of type uuid: ${JSON.stringify(id)}`, WRONG_TYPE);
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
