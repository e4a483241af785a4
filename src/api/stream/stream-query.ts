import type { Change } from '../../store/port.ts';
import { Problem } from '../problem.ts';
import { CHANGE_KINDS } from '../views/present-change.ts';

export interface StreamQuery {
  /** Absent: from now on. */
  readonly cursor?: number;
  /** Absent: all. */
  readonly kinds?: ReadonlySet<Change['kind']>;
}

/** Reads `?cursor=42&kinds=alert,delivery`; throws the refusal for anything else. */
export function readStreamQuery(parameters: URLSearchParams): StreamQuery {
  for (const name of parameters.keys()) {
    if (name !== 'cursor' && name !== 'kinds') throw invalid(name.slice(0, 100), 'is not known here');
  }
  const cursor = parameters.get('cursor');
  const kinds = parameters.get('kinds');
  if (cursor !== null && !/^\d{1,15}$/.test(cursor)) throw invalid('cursor', 'must be a whole number');
  return {
    ...(cursor !== null && { cursor: Number(cursor) }),
    ...(kinds !== null && { kinds: new Set(kinds.split(',').map(readKind)) }),
  };
}

function readKind(text: string): Change['kind'] {
  const kind = CHANGE_KINDS.find((known) => known === text);
  if (!kind) throw invalid('kinds', `must be a list of ${CHANGE_KINDS.join(', ')}`);
  return kind;
}

function invalid(field: string, finding: string): Problem {
  return new Problem('invalid_parameter', `“${field}” ${finding}.`, { field });
}
