import { CommitUnknown, StoreUnavailable, type Commit, type CommitResult } from '../port.ts';
import { saveAlerts } from './alerts.ts';
import { saveApprovals } from './approvals.ts';
import { saveAttempts } from './attempts.ts';
import { saveChanges } from './changes.ts';
import { saveClaims } from './claims.ts';
import { learnFate, markTransaction, type TransactionMark } from './commit-fate.ts';
import { saveConnectorState } from './connector-state.ts';
import { addCosts } from './costs.ts';
import { deleteCorrelationWakes, saveCorrelationWakes } from './correlation-wakes.ts';
import { moveDeliveries, saveDeliveries } from './deliveries.ts';
import { deleteGroups, saveGroups } from './groups.ts';
import { saveBeats, saveHeartbeats } from './heartbeats.ts';
import { deleteInboxRows, saveWakes } from './inbox.ts';
import { saveInhibitors } from './inhibitors.ts';
import { moveIncidentMembers, saveIncidentMembers } from './incident-members.ts';
import { saveIncidents } from './incidents.ts';
import { saveInputs } from './inputs.ts';
import { checkFences } from './leases.ts';
import { NOTIFY, newsOf } from './listen.ts';
import { deleteMembers, saveMembers } from './members.ts';
import { deleteNamespaceNews, saveNamespaceNews } from './namespace-news.ts';
import { saveNamespaceEntries, saveNamespaces } from './namespaces.ts';
import { saveNotifications } from './notifications.ts';
import type { Connections } from './pool.ts';
import { saveModels } from './models.ts';
import { deleteOutcomes, saveOutcomes } from './outcomes.ts';
import { movePositions } from './positions.ts';
import { saveAnswers, savePrepared } from './prepared.ts';
import { saveQuarantine, settleQuarantine } from './quarantine.ts';
import { releaseReceipts, saveReceipts } from './receipts.ts';
import { saveRevision } from './revisions.ts';
import { saveWindows } from './silence-versions.ts';
import { saveSilences } from './silences.ts';
import { inTransaction, type Sql } from './sql.ts';
import { isConflict, unavailable } from './trouble.ts';
import { saveWorkflowRuns } from './workflow-runs.ts';

const MAX_ATTEMPTS = 5;

/** How long to look for what became of a commit. A fail-over is over by then. */
const FATE_MS = 10_000;

/** What is known of a commit when COMMIT is sent. */
interface Sent {
  readonly mark: TransactionMark;
  readonly result: CommitResult;
}

/**
 * The one place where state changes, all of it or nothing. What two transactions refuse each other is tried again, a bounded number of times.
 *
 * When the connection breaks while COMMIT is under way, the server is asked what became of the transaction: it resolves when it was committed, and
 * `StoreUnavailable` says that it was not. Only when that can't be found out in time it rejects with `CommitUnknown`.
 */
export async function applyCommit(
  connections: Connections,
  batch: Commit,
  now: number,
  fateMs = FATE_MS,
): Promise<CommitResult> {
  for (let attempt = 1; ; attempt++) {
    let sent: Sent | undefined;
    try {
      return await connections.use((sql) => commitOnce(sql, batch, now, (marked) => (sent = marked)));
    } catch (error) {
      if (error instanceof StoreUnavailable && sent) {
        const result = await resultOf(connections, sent, error, fateMs);
        await connections.use((sql) => announce(sql, batch)).catch(ignoreTrouble);
        return result;
      }
      if (!isConflict(error)) throw error;
      if (attempt === MAX_ATTEMPTS) throw unavailable(error);
    }
  }
}

async function commitOnce(
  sql: Sql,
  batch: Commit,
  now: number,
  onSent: (sent: Sent) => void,
): Promise<CommitResult> {
  const result = await inTransaction(sql, async () => {
    const [mark, written] = await Promise.all([markTransaction(sql), write(sql, batch, now)]);
    onSent({ mark, result: written });
    return written;
  });
  await announce(sql, batch).catch(ignoreTrouble);
  return result;
}

/**
 * After the commit and not inside it, because a NOTIFY holds one lock of the whole server until its transaction is on disk, and the commits
 * of all nodes would queue up behind it. The commit stands whether or not anybody hears of it.
 */
async function announce(sql: Sql, batch: Commit): Promise<void> {
  const news = newsOf(batch);
  if (news !== '') await sql.run(NOTIFY, news);
}

async function resultOf(
  connections: Connections,
  { mark, result }: Sent,
  error: StoreUnavailable,
  fateMs: number,
): Promise<CommitResult> {
  switch (await learnFate(connections, mark, fateMs)) {
    case 'committed':
      return result;
    case 'aborted':
      throw error;
    case 'unknown':
      throw new CommitUnknown(`${error.message}; whether the commit has happened is not known`, {
        cause: error,
      });
  }
}

function ignoreTrouble(error: unknown): void {
  if (!(error instanceof StoreUnavailable)) throw error;
}

/**
 * All statements go out in one go, in this order. Fences and positions come first, because a zombie has to be told that it is one and not
 * what else is wrong with its rows.
 */
async function write(sql: Sql, batch: Commit, now: number): Promise<CommitResult> {
  const sent: Promise<void>[] = [];
  const send = <Row>(rows: readonly Row[] | undefined, save: (rows: readonly Row[]) => Promise<void>) => {
    if (rows !== undefined && rows.length > 0) sent.push(save(rows));
  };
  send(batch.fences, (rows) => checkFences(sql, rows));
  send(batch.positions, (rows) => movePositions(sql, rows));
  send(batch.alerts, (rows) => saveAlerts(sql, rows));
  send(batch.inhibitors, (rows) => saveInhibitors(sql, rows));
  send(batch.silences, (rows) => saveSilences(sql, rows));
  if (batch.windows) sent.push(saveWindows(sql, batch.windows));
  send(batch.claims, (rows) => saveClaims(sql, rows, now));
  send(batch.receipts, (rows) => saveReceipts(sql, rows));
  send(batch.quarantine, (rows) => saveQuarantine(sql, rows));
  send(batch.quarantineSettled, (rows) => settleQuarantine(sql, rows));
  send(
    batch.quarantineSettled?.filter(({ status }) => status === 'redriven').map(({ id }) => id),
    (ids) => releaseReceipts(sql, ids),
  );
  send(batch.wakes, (rows) => saveWakes(sql, rows));
  send(batch.inboxDone, (ids) => deleteInboxRows(sql, ids));
  send(batch.groups, (rows) => saveGroups(sql, rows));
  send(batch.members, (rows) => saveMembers(sql, rows));
  send(batch.membersGone, (rows) => deleteMembers(sql, rows));
  send(batch.groupsGone, (ids) => deleteGroups(sql, ids));
  send(batch.correlationWakes, (rows) => saveCorrelationWakes(sql, rows));
  send(batch.correlationDone, (ids) => deleteCorrelationWakes(sql, ids));
  send(batch.incidents, (rows) => saveIncidents(sql, rows));
  send(batch.incidentMembers, (rows) => saveIncidentMembers(sql, rows));
  send(batch.incidentMerges, (rows) => moveIncidentMembers(sql, rows));
  send(batch.approvals, (rows) => saveApprovals(sql, rows));
  send(batch.workflowRuns, (rows) => saveWorkflowRuns(sql, rows));
  send(batch.outcomes, (rows) => saveOutcomes(sql, rows));
  send(batch.outcomesDone, (ids) => deleteOutcomes(sql, ids));
  send(batch.models, (rows) => saveModels(sql, rows));
  send(batch.namespaces, (rows) => saveNamespaces(sql, rows));
  send(batch.namespaceEntries, (rows) => saveNamespaceEntries(sql, rows));
  send(batch.namespaceNews, (rows) => saveNamespaceNews(sql, rows));
  send(batch.namespaceNewsDone, (ids) => deleteNamespaceNews(sql, ids));
  send(batch.costs, (rows) => addCosts(sql, rows));
  send(batch.notifications, (rows) => saveNotifications(sql, rows));
  send(batch.deliveries, (rows) => saveDeliveries(sql, rows));
  const lost = isEmpty(batch.moves) ? Promise.resolve([]) : moveDeliveries(sql, batch.moves);
  send(batch.attempts, (rows) => saveAttempts(sql, rows));
  send(batch.inputs, (rows) => saveInputs(sql, rows));
  send(batch.prepared, (rows) => savePrepared(sql, rows));
  send(batch.answers, (rows) => saveAnswers(sql, rows));
  send(batch.heartbeats, (rows) => saveHeartbeats(sql, rows));
  send(batch.beats, (rows) => saveBeats(sql, rows));
  send(batch.connectorState, (rows) => saveConnectorState(sql, rows, now));
  if (batch.revision) sent.push(saveRevision(sql, batch.revision));
  send(batch.changes, (rows) => saveChanges(sql, rows));
  const [names] = await Promise.all([lost, ...sent]);
  return { lost: names };
}

function isEmpty<Row>(rows: readonly Row[] | undefined): rows is undefined | readonly [] {
  return rows === undefined || rows.length === 0;
}
