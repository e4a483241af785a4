import type { Event } from '@signalbox/sdk';
import type { Alert } from '../model/alert.ts';
import { fingerprintOf } from '../model/fingerprint.ts';
import { OWN_INTEGRATION } from '../model/own-integration.ts';
import type { RecordBody, SignalMeta } from '../model/record.ts';
import type { NamespaceNews } from '../model/namespace.ts';
import { FAILED, type Prepared } from '../model/prepared.ts';
import type { Wake } from '../model/group.ts';
import type { CorrelationWake } from '../model/incident.ts';
import type { Settings } from '../model/settings.ts';
import type { Change, Commit, ClaimedBy, InputRow, QuarantineRow, ReceiptRow } from '../store/port.ts';
import { decide } from '../model/decision.ts';
import type { RouteTrouble } from '../rules/find-routes.ts';
import { sourcesOf } from '../suppression/sources.ts';
import { isPlacedElsewhere } from '../correlation/place-alert.ts';
import { planAge } from '../lifecycle/age-alert.ts';
import { carryLifecycle, hearAlert } from './carry-lifecycle.ts';
import { fold, refresh, type FoldOutcome } from './fold.ts';
import { wakeScopes } from './wake-scopes.ts';
import { followRoutes, isSameLabels } from './follow-routes.ts';
import { noteNamespace, type ClassifiedNews } from './note-namespaces.ts';
import { routeAlert } from './route-alert.ts';
import { alertChange } from './change.ts';

type EventsBody = Extract<RecordBody, { kind: 'events' }>;

/** The rows that a batch of records needs, loaded beforehand, and what it decides. Mutable while the batch runs. */
export interface FoldBatch {
  readonly alerts: Map<string, Alert>;
  readonly claims: Map<string, ClaimedBy>;
  readonly touched: Set<string>;
  readonly wakes: Wake[];
  readonly correlationWakes: CorrelationWake[];
  readonly receipts: ReceiptRow[];
  readonly changes: Change[];
  readonly claimed: { key: string; signal: string; expiresAt: number }[];
  readonly quarantine: QuarantineRow[];
  readonly outcomes: Map<FoldOutcome, number>;
  readonly inhibitors: NonNullable<Commit['inhibitors']>[number][];
  readonly inputs: InputRow[];
  /** What alerts say of namespaces. */
  readonly namespaces: Map<string, ClassifiedNews>;
  /** What senders say of them. */
  readonly namespaceNews: NamespaceNews[];
  /** Expressions of routes that failed on an alert. */
  readonly routeTroubles: RouteTrouble[];
  /** What the alerts were before, for the times that it took people and sources. */
  readonly passages: Passage[];
}

/** An alert before and after a step that it took. */
export interface Passage {
  readonly before: Alert | undefined;
  readonly after: Alert;
}

/** Those that began to fire, or began again. */
export function begunIn(passages: readonly Passage[]): readonly Alert[] {
  return passages
    .filter(({ before, after }) => after.status === 'firing' && before?.episode !== after.episode)
    .map(({ after }) => after);
}

export function emptyBatch(alerts: readonly Alert[], claims: ReadonlyMap<string, ClaimedBy>): FoldBatch {
  return {
    alerts: new Map(alerts.map((alert) => [alertKey(alert.tenant, alert.fingerprint), alert])),
    claims: new Map(claims),
    touched: new Set(),
    wakes: [],
    correlationWakes: [],
    receipts: [],
    changes: [],
    claimed: [],
    quarantine: [],
    outcomes: new Map(),
    inhibitors: [],
    inputs: [],
    namespaces: new Map(),
    namespaceNews: [],
    routeTroubles: [],
    passages: [],
  };
}

export function alertKey(tenant: string, fingerprint: string): string {
  return `${tenant}/${fingerprint}`;
}

/** The name under which a sender's delivery id is claimed; parts of one signal claim apart. */
export function claimKey(meta: SignalMeta): string | undefined {
  return meta.deliveryId === undefined ? undefined : `${meta.integration}/${meta.deliveryId}/${meta.part}`;
}

/** One event of a record with the alert that it speaks of. */
export interface Statement {
  readonly event: Event;
  readonly fingerprint: string;
  readonly prepared?: Prepared;
}

export function statementsOf({ meta, events }: EventsBody): readonly Statement[] {
  return events.map((event) => ({ event, fingerprint: fingerprintOf(event.data, meta.integration) }));
}

/**
 * Folds all statements of one record into the batch. Pure but for the batch: it throws before it changes anything that a commit would
 * keep only when the record itself is broken, and the caller then quarantines that record alone.
 */
export function foldRecord(
  batch: FoldBatch,
  meta: SignalMeta,
  statements: readonly Statement[],
  partition: number,
  settings: Settings,
  now: number,
): void {
  if (meta.integration === OWN_INTEGRATION && statements.length === 0) return;
  const endpoint = settings.integrations[meta.integration]?.endpoint;
  const windowMs = endpoint?.dedupeWindowMs ?? 0;
  const claim = claimKey(meta);
  const claimedBy = claim === undefined ? undefined : batch.claims.get(claim);
  const touched: string[] = [];
  let original = claimedBy && claimedBy.signal !== meta.signal ? claimedBy.signal : undefined;

  if (statements.length > 0) original ??= sameSignal(batch, meta, statements, now - windowMs);

  for (const { event, fingerprint, prepared } of statements) {
    const key = alertKey(meta.tenant, fingerprint);
    const before = batch.alerts.get(key);
    touched.push(fingerprint);
    if (original !== undefined) {
      if (before) {
        const heard = hearAlert(refresh(before, now, endpoint?.resolveAfterMs));
        keep(batch, key, planAge(heard, settings.lifecycle, now));
      }
      count(batch, 'duplicate');
      continue;
    }
    const saidAt = event.time === undefined ? undefined : Date.parse(event.time);
    const folded = fold(
      before,
      {
        tenant: meta.tenant,
        fingerprint,
        integration: meta.integration,
        data: event.data,
        ...(prepared ? { prepared } : {}),
        signal: meta.signal,
        signalHash: meta.hash,
        partition,
        ...(saidAt === undefined || Number.isNaN(saidAt) ? {} : { saidAt }),
        ...(endpoint?.resolveAfterMs === undefined ? {} : { resolveAfterMs: endpoint.resolveAfterMs }),
      },
      now,
    );
    const { alert, outcome } = carryLifecycle(before, folded, now);
    count(batch, outcome);
    noteInhibitor(batch, before, alert, settings);
    noteNamespace(batch.namespaces, before, alert, settings, now);
    const { placed, isElsewhere } = place(batch, before, alert, settings);
    const told =
      outcome === 'repeated' && !isElsewhere && !movesOn(before, placed)
        ? placed
        : wakeGroups(batch, placed, meta.integration, outcome, settings, now);
    keep(batch, key, planAge(told, settings.lifecycle, now));
    if (!QUIET.has(outcome)) {
      batch.changes.push(alertChange(alert, now));
      batch.passages.push({ before, after: alert });
    }
  }
  if (claim !== undefined && claimedBy === undefined && windowMs > 0) {
    batch.claims.set(claim, { signal: meta.signal });
    batch.claimed.push({ key: claim, signal: meta.signal, expiresAt: now + windowMs });
  }
  batch.receipts.push({
    signal: meta.signal,
    integration: meta.integration,
    receivedAt: Date.parse(meta.receivedAt),
    processedAt: now,
    status: 'processed',
    parts: meta.parts,
    partsDone: 1,
    alerts: touched,
    ...(original === undefined ? {} : { duplicateOf: original }),
  });
}

/** Where the alert stands as a source of inhibitions; said again only when it began, ended or has other labels. */
export function noteInhibitor(
  batch: Pick<FoldBatch, 'inhibitors'>,
  before: Alert | undefined,
  { tenant, fingerprint, status, labels }: Alert,
  settings: Settings,
): void {
  const sources = sourcesOf(settings);
  if (sources.isEmpty || (before?.status === status && isSameLabels(before.labels, labels))) return;
  const keys = status === 'firing' ? sources.keysOf(labels) : [];
  const wasSource = before?.status === 'firing' && sources.keysOf(before.labels).length > 0;
  if (keys.length > 0 || wasSource) batch.inhibitors.push({ tenant, fingerprint, keys });
}

/** Notes which groups an alert leaves by what changed about it, and wakes those. One that fires elsewhere now is news for the groups and correlation scopes there. */
export function place(
  batch: Pick<FoldBatch, 'wakes'>,
  before: Alert | undefined,
  alert: Alert,
  settings: Settings,
): { readonly placed: Alert; readonly isElsewhere: boolean } {
  if (!before) return { placed: alert, isElsewhere: false };
  const followed = followRoutes(before, alert, settings);
  if (followed) batch.wakes.push(...followed.wakes);
  const left = followed?.left ?? before.left ?? [];
  const hasMoved = followed !== undefined || isPlacedElsewhere(before, alert, settings);
  const isElsewhere = hasMoved && alert.status === 'firing';
  return { placed: left.length === 0 ? alert : { ...alert, left }, isElsewhere };
}

/** A repeat is news for the groups all the same when it ends what held the alert, or makes its level graver. */
function movesOn(before: Alert | undefined, alert: Alert): boolean {
  if (!before || alert.status !== 'firing') return false;
  return (before.hold !== undefined && alert.hold === undefined) || isGraver(before, alert);
}

/** Its incident takes over the level. */
function isGraver(before: Alert, { facts }: Alert): boolean {
  const level = facts?.assessment;
  return level !== undefined && level.rank < (before.facts?.assessment?.rank ?? Infinity);
}

/** The earlier signal with the same body, when nothing newer was heard of any of its alerts since (BR-WH-008). */
function sameSignal(
  batch: FoldBatch,
  meta: SignalMeta,
  statements: readonly { readonly fingerprint: string }[],
  notBefore: number,
): string | undefined {
  let earlier: string | undefined;
  for (const { fingerprint } of statements) {
    const alert = batch.alerts.get(alertKey(meta.tenant, fingerprint));
    if (
      alert?.signalHash !== meta.hash ||
      alert.signalAt < notBefore ||
      alert.integration !== meta.integration
    )
      return undefined;
    earlier = alert.signal;
  }
  return earlier;
}

/** Nothing that people would look at has changed. */
const QUIET: ReadonlySet<FoldOutcome> = new Set(['repeated', 'out_of_order', 'still_closed']);
/** Nobody has to be told. */
const WAKES_NOBODY: ReadonlySet<string> = new Set([
  'out_of_order',
  'resolved_before_it_fired',
  'still_closed',
]);

/**
 * Keeps what was decided with the alert and, when it began or ended, tells every group and correlation scope that it belongs to. The
 * decision of the stage `route` names the group, that of the stage `correlate` the scope.
 */
export function wakeGroups(
  batch: Pick<FoldBatch, 'wakes' | 'correlationWakes' | 'routeTroubles'>,
  alert: Alert,
  rule: string,
  outcome: FoldOutcome | 'expired',
  settings: Settings,
  now: number,
): Alert {
  const decided = { ...alert, decisions: decide(alert.decisions, { stage: 'fold', rule, outcome }, now) };
  return WAKES_NOBODY.has(outcome) ? decided : tellGroups(batch, decided, settings, now);
}

/** Wakes the groups and correlation scopes that the alert belongs to; the decisions name them. */
export function tellGroups(
  batch: Pick<FoldBatch, 'wakes' | 'correlationWakes' | 'routeTroubles'>,
  alert: Alert,
  settings: Settings,
  now: number,
): Alert {
  const known = batch.routeTroubles.length;
  const wakes = routeAlert(alert, settings.route, batch.routeTroubles);
  batch.wakes.push(...wakes);
  let { decisions } = alert;
  for (const { route, problem } of batch.routeTroubles.slice(known))
    decisions = decide(decisions, { stage: 'route', rule: route, outcome: FAILED + problem }, now);
  if (alert.status === 'firing') {
    for (const wake of wakes) {
      decisions = decide(decisions, { stage: 'route', rule: wake.routeKey, outcome: wake.groupId }, now);
    }
  }
  if (settings.correlation || settings.storm) decisions = wakeScopes(batch, alert, decisions, settings, now);
  return { ...alert, decisions };
}

export function toCommit(batch: FoldBatch): Commit {
  return {
    alerts: [...batch.touched].map((key) => batch.alerts.get(key)!),
    claims: batch.claimed,
    receipts: batch.receipts,
    quarantine: batch.quarantine,
    wakes: batch.wakes,
    correlationWakes: batch.correlationWakes,
    changes: batch.changes,
    inhibitors: batch.inhibitors,
    inputs: batch.inputs,
    namespaceNews: batch.namespaceNews,
  };
}

export function keep(batch: FoldBatch, key: string, alert: Alert): void {
  batch.alerts.set(key, alert);
  batch.touched.add(key);
}

function count(batch: FoldBatch, outcome: FoldOutcome): void {
  batch.outcomes.set(outcome, (batch.outcomes.get(outcome) ?? 0) + 1);
}
