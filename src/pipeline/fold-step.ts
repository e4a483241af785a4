import { COMMAND_VERSION, NAMESPACES_VERSION, RECORD_VERSION, type RecordBody } from '../model/record.ts';
import type { Alert } from '../model/alert.ts';
import type { Asked, KnownAnswers } from '../enrichment/look-up.ts';
import { errorText } from '../lib/error-text.ts';
import { JournalUnavailable, type JournalRecord } from '../journal/port.ts';
import { StaleLease } from '../store/lease.ts';
import { StalePosition, StoreUnavailable, type AlertKey, type QuarantineRow } from '../store/port.ts';
import {
  begunIn,
  claimKey,
  emptyBatch,
  foldRecord,
  statementsOf,
  toCommit,
  type Statement,
} from './fold-batch.ts';
import { foldCommand } from './fold-command.ts';
import { countPrepared } from './count-prepared.ts';
import { countRows } from './count-rows.ts';
import { beatsToTell } from './heartbeat.ts';
import { observePassages } from './metrics.ts';
import { prepareBatch, type Preparing } from './prepare-batch.ts';
import { preparedRows } from './prepared-rows.ts';
import { unknownNews } from './note-namespaces.ts';
import { notePassages } from './note-passages.ts';
import { countVerdicts } from '../workflows/count-verdicts.ts';
import { handOver, type Verdict } from '../workflows/hand-over.ts';
import { BATCH, type StepContext } from './step.ts';
import { findWaiting, letWait, type Stretch, type WaitingDesk } from './waiting-batch.ts';

const MAX_BATCH_BYTES = 4 * 1024 * 1024;

/**
 * Takes the next records of all owned partitions into the state: one batch, one commit, together with the positions.
 * A record that breaks the fold, or a commit, is quarantined by itself and the rest advances (design §2.11).
 *
 * @param positions the next offset to process, per partition
 * @param desk where a batch waits for enrichment between the calls; without one the call itself waits
 */
export async function foldStep(
  context: StepContext,
  positions: ReadonlyMap<number, number>,
  desk?: WaitingDesk,
): Promise<FoldProgress> {
  const enrichments = context.enrichments();
  const waiting = desk && findWaiting(desk, positions, enrichments);
  if (waiting && !waiting.isOver) return { ...NO_PROGRESS, oldestAt: waiting.oldestAt, awaits: waiting.over };
  const taken = waiting?.stretches ?? (await takeRecords(context, positions));
  if (taken.length === 0) return NO_PROGRESS;
  const begun: Alert[] = [];
  const oldestAt = Math.min(...taken.map(({ records }) => records.at(-1)!.at));
  const next = new Map(taken.map(({ partition, to }) => [partition, to]));
  try {
    const mayWait = desk !== undefined && !waiting;
    const preparing = await commitBatch(context, taken, begun, { known: waiting?.answers(), mayWait });
    if (desk && preparing)
      return {
        ...NO_PROGRESS,
        oldestAt,
        awaits: letWait(desk, { stretches: taken, oldestAt, enrichments, preparing }),
      };
  } catch (error) {
    if (isOutside(error)) throw error;
    for (const { partition, from, records } of taken)
      await commitRecords(context, partition, from, records, begun);
  }
  return { next, oldestAt, begun };
}

export interface FoldProgress {
  /** The next offset to process, of the partitions that had something. */
  readonly next: ReadonlyMap<number, number>;
  /** When the newest record of the batch was received, of the partition that is furthest behind; absent at the journal's end. */
  readonly oldestAt?: number;
  /** Alerts that began to fire, or began again. */
  readonly begun: readonly Alert[];
  /** Nothing was folded, because enrichment is asked about the next batch; resolves when it is worthwhile to call again. */
  readonly awaits?: Promise<void>;
}

const NO_PROGRESS: FoldProgress = { next: new Map(), begun: [] };

async function takeRecords(
  { journal }: StepContext,
  positions: ReadonlyMap<number, number>,
): Promise<readonly Stretch[]> {
  const share = Math.max(1, Math.floor(BATCH / positions.size));
  const taken = await Promise.all(
    [...positions].map(async ([partition, from]): Promise<Stretch> => {
      const records = await journal.read(partition, from, share, MAX_BATCH_BYTES / positions.size);
      return { partition, from, to: (records.at(-1)?.offset ?? from - 1) + 1, records };
    }),
  );
  return taken.filter(({ records }) => records.length > 0);
}

/** The batch is not to blame. */
function isOutside(error: unknown): boolean {
  return (
    error instanceof StoreUnavailable ||
    error instanceof StalePosition ||
    error instanceof StaleLease ||
    error instanceof JournalUnavailable
  );
}

async function commitRecords(
  context: StepContext,
  partition: number,
  from: number,
  records: readonly JournalRecord[],
  begun: Alert[],
  poison?: string,
): Promise<number> {
  const to = records.at(-1)!.offset + 1;
  try {
    await commitBatch(
      context,
      [{ partition, from, to, records }],
      begun,
      poison === undefined ? {} : { poison },
    );
    return to;
  } catch (error) {
    if (isOutside(error) || poison !== undefined) throw error;
    if (records.length === 1) {
      context.log.error('a record could not be processed and was quarantined', {
        partition,
        offset: from,
        error: errorText(error),
      });
      return commitRecords(context, partition, from, records, begun, errorText(error));
    }
    const middle = records.length >> 1;
    const between = await commitRecords(context, partition, from, records.slice(0, middle), begun);
    return commitRecords(context, partition, between, records.slice(middle), begun);
  }
}

interface Manner {
  /** Why the only record of the batch can't be processed. */
  readonly poison?: string;
  /** What enrichment answered about this batch before. */
  readonly known?: KnownAnswers | undefined;
  /** Whether a batch that needs answers may be left for later. */
  readonly mayWait?: boolean;
}

/** Resolves to what is waited for when nothing was committed because of that. */
async function commitBatch(
  context: StepContext,
  taken: readonly Stretch[],
  begun: Alert[],
  { poison, known, mayWait = false }: Manner,
): Promise<Preparing<Parsed> | undefined> {
  const { store } = context;
  const settings = context.settings();
  const now = context.now();
  const said = taken.flatMap(({ records }) => records.map((record) => parseRecord(record, poison)));
  const fresh = await withoutRepeats(context, said);
  const keys: AlertKey[] = [];
  const claims: string[] = [];
  for (const { body, statements } of fresh) {
    if (!body || body.kind === 'quarantine') continue;
    const claim = claimKey(body.meta);
    if (claim !== undefined) claims.push(claim);
    if (body.kind === 'command') keys.push(body.command);
    for (const { fingerprint } of statements) keys.push({ tenant: body.meta.tenant, fingerprint });
  }
  const claimed = claims.length === 0 ? new Map() : await store.claims(claims, now);
  const batch = emptyBatch(await store.alerts(keys), claimed);
  if (settings.scoring) await context.models.load(tenantsOf(fresh), now);
  const stages = context.preparation();
  const preparing =
    stages &&
    prepareBatch(stages, context.enrichments(), { records: fresh, before: batch.alerts, now, known });
  if (preparing?.over && mayWait) return preparing;
  await preparing?.over;
  const parsed = preparing?.finish() ?? fresh;
  for (const { record, body, broken, statements } of parsed) {
    if (!body) batch.quarantine.push(brokenRecord(record, broken));
    else if (body.kind === 'quarantine') hold(batch, body, now);
    else if (body.kind === 'namespaces') takeNamespaces(batch, body, now);
    else if (body.kind === 'command') foldCommand(batch, body, record.partition, settings, now);
    else foldRecord(batch, body.meta, statements, record.partition, settings, now);
  }
  for (const { body } of parsed)
    if (body && body.kind !== 'command') context.pulses.beat(body.meta.integration, now);
  const beats = beatsToTell(context);
  const positions = taken.map(({ partition, from, to }) => ({ partition, from, to }));
  const rows = toCommit(batch);
  const verdicts: Verdict[] = [];
  const handedOver = handOver(batch.passages, settings, now, verdicts);
  await store.commit({
    ...rows,
    ...handedOver,
    ...notePassages(batch.passages, settings, now),
    changes: [...batch.changes, ...handedOver.changes],
    namespaceNews: [...batch.namespaceNews, ...(await unknownNews(store, batch.namespaces, settings))],
    ...preparedRows(taken, parsed, now),
    positions,
    beats,
    fences: context.ownership.fences({ partitions: taken.map(({ partition }) => partition) }),
    inputs: [
      { step: 'fold', now, revision: settings.revision, what: JSON.stringify({ positions }) },
      ...(rows.inputs ?? []),
    ],
  });

  for (const beat of beats)
    context.pulses.stored.set(beat.integration, {
      silent: false,
      ...context.pulses.stored.get(beat.integration),
      ...beat,
    });
  begun.push(...begunIn(batch.passages));
  context.metrics.batches.inc({ step: 'fold' });
  countVerdicts(context.tally, verdicts, now);
  countRows(context.tally, batch, now);
  for (const { body, statements } of parsed)
    if (body) countPrepared(context, body.meta.tenant, statements, now);
  context.metrics.lag.observe((context.now() - taken[0]!.records[0]!.at) / 1000);
  if (batch.quarantine.length > 0) context.metrics.quarantined.inc(batch.quarantine.length);
  for (const [outcome, count] of batch.outcomes) context.metrics.outcomes.inc({ outcome }, count);
  observePassages(context.metrics, batch.passages);
  return undefined;
}

/**
 * What a journal holds twice is processed once. An alert that was resolved since must not fire again because a broker kept a batch that it
 * did not acknowledge. Of a signal in several parts nobody knows which were processed; those go on, and the fold takes most of them as repeats.
 * A command is looked up in any journal: a re-drive may bring it again.
 */
async function withoutRepeats(
  { store, journal }: StepContext,
  said: readonly Parsed[],
): Promise<readonly Parsed[]> {
  const canRepeat = ({ body }: Parsed): boolean =>
    body?.kind === 'command' || (body?.kind === 'events' && journal.repeats === true);
  if (!said.some(canRepeat)) return said;
  const signals = said.filter(canRepeat).map(({ body }) => body!.meta.signal);
  const receipts = signals.length === 0 ? [] : await store.receipts(signals);
  const done = new Map(
    receipts
      .filter(({ status, parts }) => status === 'processed' && parts === 1)
      .map(({ signal, alerts }) => [signal, alerts]),
  );
  const seen = new Set<string>();
  return said.filter((parsed) => {
    if (!canRepeat(parsed)) return true;
    const { signal, part } = parsed.body!.meta;
    const key = `${signal}/${part}`;
    // A re-driven signal counts as processed from the moment of the re-drive, which may come before its record does.
    const awaits = parsed.statements.length > 0 && done.get(signal)?.length === 0;
    const isRepeat = (done.has(signal) && !awaits) || seen.has(key);
    seen.add(key);
    return !isRepeat;
  });
}

function tenantsOf(parsed: readonly Parsed[]): readonly string[] {
  return parsed.flatMap(({ body }) => (body?.kind === 'events' ? [body.meta.tenant] : []));
}

interface Parsed {
  readonly record: JournalRecord;
  readonly body?: RecordBody;
  readonly statements: readonly Statement[];
  readonly broken?: string;
  /** What enrichment was asked. */
  readonly asked?: readonly Asked[];
}

function parseRecord(record: JournalRecord, poison: string | undefined): Parsed {
  if (poison !== undefined) return { record, statements: [], broken: poison };
  try {
    const body = JSON.parse(record.value) as RecordBody;
    if (body.v !== VERSIONS[body.kind])
      return {
        record,
        statements: [],
        broken: `record version ${String(body.v)} is unknown to this version of Signalbox`,
      };
    return { record, body, statements: body.kind === 'events' ? statementsOf(body) : [] };
  } catch (error) {
    return { record, statements: [], broken: String(error) };
  }
}

const VERSIONS = {
  events: RECORD_VERSION,
  quarantine: RECORD_VERSION,
  command: COMMAND_VERSION,
  namespaces: NAMESPACES_VERSION,
};

/** Compared with what is known by the owner of the cluster, like all that is heard of namespaces. */
function takeNamespaces(
  batch: ReturnType<typeof emptyBatch>,
  { meta, news }: Extract<RecordBody, { kind: 'namespaces' }>,
  now: number,
): void {
  batch.namespaceNews.push(...news);
  batch.receipts.push({
    signal: meta.signal,
    integration: meta.integration,
    receivedAt: Date.parse(meta.receivedAt),
    processedAt: now,
    status: 'processed',
    parts: meta.parts,
    partsDone: 1,
    alerts: [],
  });
}

function hold(
  batch: ReturnType<typeof emptyBatch>,
  body: Extract<RecordBody, { kind: 'quarantine' }>,
  now: number,
): void {
  const { meta } = body;
  const receivedAt = Date.parse(meta.receivedAt);
  const { problem, request } = body;
  batch.quarantine.push({
    id: meta.signal,
    tenant: meta.tenant,
    integration: meta.integration,
    receivedAt,
    status: 'held',
    problem,
    request,
  });
  batch.receipts.push({
    signal: meta.signal,
    integration: meta.integration,
    receivedAt,
    processedAt: now,
    status: 'quarantined',
    parts: 1,
    partsDone: 1,
    alerts: [],
  });
  batch.changes.push({
    at: now,
    tenant: meta.tenant,
    kind: 'quarantine',
    id: meta.signal,
    status: 'held',
  });
}

/** A record of ours that can't be read: kept whole, so that a person or a later version can. */
function brokenRecord(record: JournalRecord, broken: string | undefined): QuarantineRow {
  return {
    id: `record-${record.partition}-${record.offset}`,
    tenant: 'default',
    integration: 'signalbox',
    receivedAt: record.at,
    status: 'held',
    problem: { code: 'broken_record', detail: broken ?? 'the record could not be processed' },
    request: {
      method: 'POST',
      path: `/journal/${record.partition}/${record.offset}`,
      contentType: 'application/json',
      headers: {},
      body: Buffer.from(record.value).toString('base64'),
    },
  };
}
