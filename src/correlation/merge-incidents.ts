import { graver } from '../model/assessment.ts';
import type { Incident, TimelineEntry } from '../model/incident.ts';
import { MAX_TIMELINE, transition } from '../model/incident-transitions.ts';
import { urgent } from '../model/severity.ts';
import { likelierCause } from './cause.ts';
import { addChanges } from './changes.ts';
import { addFacet } from './facet.ts';

export interface Merge {
  /** How far apart alike alerts of the scope may be; absent when the two are of different scopes, whose facets mean nothing to each other. */
  readonly windowMs?: number;
  readonly by?: string;
  readonly now: number;
}

/**
 * Makes two incidents one: `target` takes over what `source` has, and `source` is closed with a redirect. Undefined when one of them can't be
 * merged. A target that was resolved opens again when something of the source still fires.
 */
export function mergeIncidents(
  target: Incident,
  source: Incident,
  { windowMs, by, now }: Merge,
): { readonly target: Incident; readonly source: Incident } | undefined {
  const said = by === undefined ? {} : { by };
  const closed = transition(source, { kind: 'merge', into: target.id, ...said }, now);
  if (!closed || target.id === source.id || target.status === 'closed') return undefined;
  const reopened =
    target.status === 'resolved' && source.firing > 0
      ? transition(
          target,
          { kind: 'reopen', note: 'an incident with firing alerts was merged into it', ...said },
          now,
        )
      : target;
  if (!reopened) return undefined;
  const cause = likelierCause(target.cause, source.cause);
  const priority = urgent(target.priority, source.priority);
  const entry: TimelineEntry = { at: now, kind: 'merged', text: `took over ${source.id}`, ...said };
  const assessment = graver(target.assessment, source.assessment);
  return {
    target: {
      ...reopened,
      ...(assessment ? { assessment } : {}),
      title: cause.title,
      cause,
      priority,
      severity: priority === target.priority ? target.severity : source.severity,
      alerts: target.alerts + source.alerts,
      firing: target.firing + source.firing,
      startsAt: Math.min(target.startsAt, source.startsAt),
      changedAt: now,
      changes: addChanges(target.changes, source.changes),
      ...(source.scopeId === target.scopeId && !source.takenOver
        ? {}
        : { takenOver: takenOverBy(target, source) }),
      facets:
        windowMs === undefined
          ? target.facets
          : source.facets.reduce((facets, facet) => addFacet(facets, facet, windowMs), target.facets),
      timeline: [...reopened.timeline, entry].toSpliced(
        1,
        Math.max(0, reopened.timeline.length + 1 - MAX_TIMELINE),
      ),
    },
    source: { ...closed, firing: 0 },
  };
}

/** Bounded; alerts of a scope that is forgotten are not followed any more. */
const MAX_TAKEN_OVER = 50;

function takenOverBy(target: Incident, source: Incident): readonly string[] {
  const all = [...(target.takenOver ?? []), ...(source.takenOver ?? []), source.scopeId];
  return [...new Set(all)].filter((scopeId) => scopeId !== target.scopeId).slice(-MAX_TAKEN_OVER);
}
