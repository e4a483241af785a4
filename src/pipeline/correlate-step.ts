import { ageIncident, withDue } from '../correlation/age-incident.ts';
import { correlate, type Correlated } from '../correlation/correlate.ts';
import { placeAlert, type Place } from '../correlation/place-alert.ts';
import type { Trouble } from '../correlation/rule-conditions.ts';
import { countAlerts, STORM_SCOPE } from '../correlation/storm.ts';
import type { Alert } from '../model/alert.ts';
import type { ChangeNote, Incident, IncidentMember } from '../model/incident.ts';
import { OWN_INTEGRATION } from '../model/own-integration.ts';
import { FAILED, type Made } from '../model/prepared.ts';
import { scopeOf } from '../model/scope.ts';
import type { Settings } from '../model/settings.ts';
import type { Counted } from '../rules/tally.ts';
import type { Commit, CorrelationWakeRow, Membership } from '../store/port.ts';
import { countVerdicts } from '../workflows/count-verdicts.ts';
import type { Verdict } from '../workflows/hand-over.ts';
import { handOverIncidents } from '../workflows/hand-over-incidents.ts';
import { incidentChange } from './change.ts';
import { countRuled } from './count-prepared.ts';
import { alertKey } from './fold-batch.ts';
import { BATCH, type StepContext } from './step.ts';
import { readStormCounts, stormCountsRow } from './storm-counts.ts';

/** With how many live incidents of a scope an alert is compared: those that changed last. */
const MAX_LIVE = 200;

/** What a batch of wakes needs, loaded beforehand, and what it decides. */
interface CorrelateBatch {
  /** By id, as they are by now. */
  readonly incidents: Map<string, Incident>;
  /** As they were read; absent for those that the batch opens. */
  readonly before: Map<string, Incident>;
  /** Ids by scope. */
  readonly scopes: Map<string, Set<string>>;
  readonly members: Map<string, IncidentMember[]>;
  readonly changes: Map<string, readonly ChangeNote[]>;
  readonly touched: Set<string>;
  readonly saved: IncidentMember[];
  readonly merged: { from: string; to: string }[];
  readonly noted: Map<string, number>;
}

/**
 * Takes what fold left for the correlation scopes into incidents, and lets time act on those whose moment has come. Returns whether there
 * may be more. Where nothing is correlated it asks the store nothing.
 *
 * @param mayAge false until the journal was caught up: nobody is escalated for what may have ended since
 */
export async function correlateStep(context: StepContext, mayAge: boolean): Promise<boolean> {
  const { store, ownership } = context;
  const settings = context.settings();
  if (!settings.incidents && !settings.storm) return false;
  const now = context.now();
  const heard = await store.correlationWakes(BATCH, ownership.scopes());
  const due = mayAge && settings.incidents ? await store.dueIncidents(now, BATCH, ownership.scopes()) : [];
  if (heard.length === 0 && due.length === 0) return false;

  const alerts = await store.alerts(heard);
  const known = new Map(alerts.map((alert) => [alertKey(alert.tenant, alert.fingerprint), alert]));
  const storms = await countStorms(context, heard, known);
  const wakes = heard.filter(({ scopeId }) => scopeId !== STORM_SCOPE);
  const batch = await load(context, wakes, due);
  const placed = decideAll(batch, wakes, due, known, settings, now);
  await commit(context, batch, { heard, due, storms }, now);
  for (const ruled of placed) countRuled(context, ruled, now);
  return heard.length === BATCH || due.length === BATCH;
}

/** The counts with the new alerts among them; nothing where storms are not looked for, or none is new. */
async function countStorms(
  { store, settings, now }: StepContext,
  heard: readonly CorrelationWakeRow[],
  known: ReadonlyMap<string, Alert>,
): Promise<NonNullable<Commit['connectorState']>> {
  const { storm } = settings();
  const fresh = heard
    .filter(({ scopeId }) => scopeId === STORM_SCOPE)
    .map(({ tenant, fingerprint }) => known.get(alertKey(tenant, fingerprint)))
    .filter((alert) => alert !== undefined);
  if (!storm || fresh.length === 0) return [];
  return [stormCountsRow(countAlerts(await readStormCounts(store, now()), fresh, storm, now()), now())];
}

/** Decides on all of them; returns what rules made of the alerts. */
function decideAll(
  batch: CorrelateBatch,
  wakes: readonly CorrelationWakeRow[],
  due: readonly Incident[],
  known: ReadonlyMap<string, Alert>,
  settings: Settings,
  now: number,
): readonly Counted[] {
  if (!settings.incidents) return [];
  const placed: Counted[] = [];
  const config = { incidents: settings.incidents, topology: settings.topology };
  for (const wake of wakes) {
    const alert = known.get(alertKey(wake.tenant, wake.fingerprint));
    if (!alert) continue;
    const { place, belongs, decisions } = findPlace(wake, alert, settings);
    if (decisions.length > 0) placed.push({ tenant: wake.tenant, fingerprint: wake.fingerprint, decisions });
    if (!place) continue;
    const state = {
      incidents: [...(batch.scopes.get(wake.scopeId) ?? [])].map((id) => batch.incidents.get(id)!),
      changes: batch.changes.get(wake.scopeId) ?? [],
    };
    const membership = findMembership(batch, alert, wake.scopeId);
    take(batch, wake, place, correlate(state, { alert, place, membership, belongs }, config, now), now);
  }
  for (const { id } of due) {
    batch.incidents.set(id, ageIncident(batch.incidents.get(id)!, settings.incidents, now));
    batch.touched.add(id);
  }
  return placed;
}

async function load(
  { store, now, settings }: StepContext,
  wakes: readonly CorrelationWakeRow[],
  due: readonly Incident[],
): Promise<CorrelateBatch> {
  const scopeIds = [...new Set(wakes.map(({ scopeId }) => scopeId))];
  const [memberships, live]: [readonly Membership[], readonly Incident[]] =
    wakes.length === 0
      ? [[], []]
      : await Promise.all([store.memberships(wakes), store.liveIncidents(scopeIds, MAX_LIVE)]);
  const batch: CorrelateBatch = {
    incidents: new Map(),
    before: new Map(),
    scopes: new Map(scopeIds.map((scopeId) => [scopeId, new Set()])),
    members: new Map(),
    changes: new Map(),
    touched: new Set(),
    saved: [],
    merged: [],
    noted: new Map(),
  };
  for (const incident of [...due, ...memberships.map((membership) => membership.incident), ...live]) {
    batch.incidents.set(incident.id, incident);
    batch.before.set(incident.id, incident);
    batch.scopes.get(incident.scopeId)?.add(incident.id);
  }
  for (const { member } of memberships.toReversed()) remember(batch, member);
  const explained = new Set(
    settings()
      .correlation?.rules.filter(
        ({ changes, changesWhen }) => changes.length > 0 || changesWhen !== undefined,
      )
      .map(({ id }) => id),
  );
  for (const { scopeId, rule } of wakes) {
    if (!explained.has(rule) || batch.changes.has(scopeId)) continue;
    const noted = await store.connectorState(OWN_INTEGRATION, changesKey(scopeId), now());
    batch.changes.set(scopeId, noted === undefined ? [] : (JSON.parse(noted) as ChangeNote[]));
  }
  return batch;
}

interface FoundPlace {
  readonly place: Place | undefined;
  readonly belongs: boolean;
  /** What the rules made of it, to be counted. */
  readonly decisions: readonly Made[];
}

/** Under the present configuration the alert may belong elsewhere; its former scope then only lets it go. */
function findPlace(wake: CorrelationWakeRow, alert: Alert, settings: Settings): FoundPlace {
  const troubles: Trouble[] = [];
  const place = placeAlert(alert, settings, troubles).find(({ scopeId }) => scopeId === wake.scopeId);
  const made = (rule: string, outcome: string): Made => ({ stage: 'correlate', rule, outcome });
  const failed = troubles.map(({ rule, problem }) => made(rule, FAILED + problem));
  if (place) return { place, belongs: true, decisions: [...failed, made(place.rule.id, wake.scopeId)] };
  const rule =
    settings.correlation?.rules.find(({ id }) => id === wake.rule) ?? settings.correlation?.rules[0];
  const former = rule && { rule, scopeId: wake.scopeId, isChange: false };
  return { place: former, belongs: false, decisions: failed };
}

function findMembership(batch: CorrelateBatch, alert: Alert, scopeId: string) {
  for (const member of batch.members.get(alertKey(alert.tenant, alert.fingerprint)) ?? []) {
    const incident = followMerges(batch, member.incidentId);
    if (incident && (incident.scopeId === scopeId || incident.takenOver?.includes(scopeId)))
      return { incident, status: member.status };
  }
  return undefined;
}

function followMerges(batch: CorrelateBatch, id: string): Incident | undefined {
  const incident = batch.incidents.get(id);
  return incident?.mergedInto === undefined ? incident : followMerges(batch, incident.mergedInto);
}

function take(
  batch: CorrelateBatch,
  { scopeId }: CorrelationWakeRow,
  { rule }: Place,
  { incidents, member, merged, changes }: Correlated,
  now: number,
): void {
  for (const incident of incidents) {
    batch.incidents.set(incident.id, incident);
    batch.touched.add(incident.id);
    batch.scopes.get(incident.scopeId)?.add(incident.id);
  }
  if (member) {
    batch.saved.push(member);
    remember(batch, member);
  }
  batch.merged.push(...merged);
  if (!changes) return;
  batch.changes.set(scopeId, changes);
  batch.noted.set(scopeId, now + 2 * rule.changesMs);
}

/** Newest first, each incident once. */
function remember({ members }: CorrelateBatch, member: IncidentMember): void {
  const key = alertKey(member.tenant, member.fingerprint);
  const others = (members.get(key) ?? []).filter(({ incidentId }) => incidentId !== member.incidentId);
  members.set(key, [member, ...others]);
}

function changesKey(scopeId: string): string {
  return `changes/${scopeId}`;
}

/** What the batch took in, and the counts of storms. */
interface Taken {
  readonly heard: readonly CorrelationWakeRow[];
  readonly due: readonly Incident[];
  readonly storms: NonNullable<Commit['connectorState']>;
}

async function commit(
  context: StepContext,
  batch: CorrelateBatch,
  { heard, due, storms }: Taken,
  now: number,
): Promise<void> {
  const { incidents, revision } = context.settings();
  const changed = [...batch.touched].map((id) => {
    const version = (batch.before.get(id)?.version ?? 0) + 1;
    return withDue({ ...batch.incidents.get(id)!, version }, incidents!);
  });
  const done = heard.map(({ id }) => id);
  const noted = [...batch.noted].map(([scopeId, expiresAt]) => ({
    integration: OWN_INTEGRATION,
    key: changesKey(scopeId),
    value: JSON.stringify(batch.changes.get(scopeId)),
    expiresAt,
  }));
  const verdicts: Verdict[] = [];
  const handedOver = await handOverIncidents(context.store, changed, context.settings(), now, verdicts);
  await context.store.commit({
    ...handedOver,
    correlationDone: done,
    incidents: changed,
    incidentMembers: batch.saved,
    incidentMerges: batch.merged,
    connectorState: [...noted, ...storms],
    changes: [...changed.map((incident) => incidentChange(incident, now)), ...handedOver.changes],
    fences: context.ownership.fences({ scopes: [...heard, ...due].map(({ scopeId }) => scopeOf(scopeId)) }),
    inputs: [
      {
        step: 'correlate',
        now,
        revision,
        what: JSON.stringify({ from: done[0], to: done.at(-1), due: due.map(({ id }) => id) }),
      },
    ],
  });
  context.metrics.batches.inc({ step: 'correlate' });
  countVerdicts(context.tally, verdicts, now);
  for (const { id, status, overdueSince, assessment } of changed) {
    if (overdueSince !== undefined && batch.before.get(id)?.overdueSince === undefined)
      context.metrics.overdue.inc({ subject: 'incident', level: assessment?.level ?? '' });
    if (batch.before.get(id)?.status !== status) context.metrics.incidents.inc({ status });
  }
}
