import type { Sql } from '../../lib/sqlite.ts';
import type { Commit, CommitResult } from '../port.ts';
import { saveAlert } from './alerts.ts';
import { saveApproval } from './approvals.ts';
import { saveAttempt } from './attempts.ts';
import { saveChange } from './changes.ts';
import { saveClaims } from './claims.ts';
import { saveConnectorState } from './connector-state.ts';
import { addCost } from './costs.ts';
import { deleteCorrelationWake, saveCorrelationWake } from './correlation-wakes.ts';
import { moveDelivery, saveDelivery } from './deliveries.ts';
import { deleteGroup, saveGroup } from './groups.ts';
import { saveBeat, saveHeartbeat } from './heartbeats.ts';
import { deleteInboxRow, saveWake } from './inbox.ts';
import { saveInhibitors } from './inhibitors.ts';
import { moveIncidentMembers, saveIncidentMember } from './incident-members.ts';
import { saveIncident } from './incidents.ts';
import { saveInput } from './inputs.ts';
import { checkFence } from './leases.ts';
import { deleteMember, saveMember } from './members.ts';
import { deleteNamespaceNews, saveNamespaceNews } from './namespace-news.ts';
import { saveNamespace, saveNamespaceEntry } from './namespaces.ts';
import { saveNotification } from './notifications.ts';
import { saveModel } from './models.ts';
import { deleteOutcome, saveOutcome } from './outcomes.ts';
import { movePosition } from './positions.ts';
import { saveQuarantine, settleQuarantine } from './quarantine.ts';
import { releaseReceipt, saveReceipt } from './receipts.ts';
import { saveRevision } from './revisions.ts';
import { saveSilences } from './silences.ts';

/** The one place where state changes, all of it or nothing. Fences and positions come first: a zombie fails before it has written anything. */
export function applyCommit(sql: Sql, batch: Commit, now: number): CommitResult {
  return sql.transaction(() => {
    for (const fence of batch.fences ?? []) checkFence(sql, fence, now);
    for (const move of batch.positions ?? []) movePosition(sql, move);
    for (const alert of batch.alerts ?? []) saveAlert(sql, alert);
    saveInhibitors(sql, batch.inhibitors ?? []);
    saveSilences(sql, batch.silences ?? []);
    saveClaims(sql, batch.claims ?? [], now);
    for (const receipt of batch.receipts ?? []) saveReceipt(sql, receipt);
    for (const row of batch.quarantine ?? []) saveQuarantine(sql, row);
    for (const settled of batch.quarantineSettled ?? []) {
      settleQuarantine(sql, settled);
      if (settled.status === 'redriven') releaseReceipt(sql, settled.id);
    }
    for (const wake of batch.wakes ?? []) saveWake(sql, wake);
    for (const id of batch.inboxDone ?? []) deleteInboxRow(sql, id);
    for (const group of batch.groups ?? []) saveGroup(sql, group);
    for (const member of batch.members ?? []) saveMember(sql, member);
    for (const member of batch.membersGone ?? []) deleteMember(sql, member);
    for (const id of batch.groupsGone ?? []) deleteGroup(sql, id);
    for (const wake of batch.correlationWakes ?? []) saveCorrelationWake(sql, wake);
    for (const id of batch.correlationDone ?? []) deleteCorrelationWake(sql, id);
    for (const incident of batch.incidents ?? []) saveIncident(sql, incident);
    for (const member of batch.incidentMembers ?? []) saveIncidentMember(sql, member);
    for (const merge of batch.incidentMerges ?? []) moveIncidentMembers(sql, merge);
    for (const approval of batch.approvals ?? []) saveApproval(sql, approval);
    for (const outcome of batch.outcomes ?? []) saveOutcome(sql, outcome);
    for (const id of batch.outcomesDone ?? []) deleteOutcome(sql, id);
    for (const model of batch.models ?? []) saveModel(sql, model);
    for (const record of batch.namespaces ?? []) saveNamespace(sql, record);
    for (const entry of batch.namespaceEntries ?? []) saveNamespaceEntry(sql, entry);
    for (const news of batch.namespaceNews ?? []) saveNamespaceNews(sql, news);
    for (const id of batch.namespaceNewsDone ?? []) deleteNamespaceNews(sql, id);
    for (const cost of batch.costs ?? []) addCost(sql, cost);
    for (const notification of batch.notifications ?? []) saveNotification(sql, notification);
    for (const delivery of batch.deliveries ?? []) saveDelivery(sql, delivery);
    const lost = (batch.moves ?? []).filter((move) => !moveDelivery(sql, move)).map(({ id }) => id);
    for (const attempt of batch.attempts ?? []) saveAttempt(sql, attempt);
    for (const input of batch.inputs ?? []) saveInput(sql, input);
    for (const heartbeat of batch.heartbeats ?? []) saveHeartbeat(sql, heartbeat);
    for (const beat of batch.beats ?? []) saveBeat(sql, beat);
    saveConnectorState(sql, batch.connectorState ?? [], now);
    if (batch.revision) saveRevision(sql, batch.revision);
    for (const change of batch.changes ?? []) saveChange(sql, change);
    return { lost };
  });
}
