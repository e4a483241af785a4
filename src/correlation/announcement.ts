import { durationText, type AlertData } from '@signalbox/sdk';
import { ANNOUNCEMENTS, type Announcement, type Told } from '../model/announcement.ts';
import { acknowledgeBy } from '../model/assessment.ts';
import type { Cause, Incident, IncidentMember } from '../model/incident.ts';
import { OWN_INTEGRATION } from '../model/own-integration.ts';
import type { IncidentSettings } from '../model/settings.ts';

/** An alert of an incident, as far as it is shown. */
export interface ShownMember {
  readonly name: string;
  readonly status: IncidentMember['status'];
}

export interface IncidentWords {
  /** Newest first. */
  readonly members: readonly ShownMember[];
  /** What those who were told know; undefined when nobody is told at present. */
  readonly before: Told | undefined;
  readonly settings: Pick<IncidentSettings, 'updates'>;
  /** Where people find the hub. */
  readonly externalURL: string;
}

/** So many of its alerts are named; the rest is counted. */
export const SHOWN_MEMBERS = 10;
const SHOWN_CHANGES = 3;

/**
 * What is told of an incident (BR-AP-004): that it is there and what it is made of, what became of it since as far as `incidents.updates` asks
 * for it, and its end. One alert of the hub's own stands for it all its life, so that its messages are one thread. Pure.
 */
export function announceIncident(incident: Incident, words: IncidentWords): Announcement {
  const { id, tenant, status, title, severity, resolvedAt, closedAt, acknowledgement } = incident;
  const isOver = status === 'resolved' || status === 'closed';
  const told = toldNow(incident, words.settings.updates);
  const data: AlertData = {
    status: isOver ? 'resolved' : 'firing',
    key: `incident/${id}`,
    labels: {
      alertname: ANNOUNCEMENTS.incident,
      severity,
      incident: id,
      rule: incident.rule,
      source: OWN_INTEGRATION,
    },
    annotations: {
      summary: `${isOver ? endOf(incident) : 'Incident'}: ${title}`,
      description: [...newsOf(words.before, told), ...describe(incident, words.members)].join('\n'),
      ...(incident.assessment?.runbookUrl === undefined
        ? {}
        : { runbook_url: incident.assessment.runbookUrl }),
    },
    startsAt: time(incident.openedAt),
    ...(isOver ? { endsAt: time(resolvedAt ?? closedAt ?? incident.changedAt) } : {}),
    generatorURL: `${words.externalURL}/api/v1/incidents/${id}`,
  };
  return {
    tenant,
    data,
    told,
    ...(status === 'acknowledged' && acknowledgement ? { acknowledgedBy: acknowledgement.by } : {}),
  };
}

function toldNow(incident: Incident, updates: IncidentSettings['updates']): Told {
  const { severity, alerts, title, assignee, acknowledgement, staleSince } = incident;
  const all = {
    severity,
    joined: alerts,
    cause: title,
    acknowledged: acknowledgement?.by ?? '',
    assigned: assignee ?? '',
    stale: staleSince !== undefined,
  };
  return Object.fromEntries(updates.map((update) => [update, all[update]]));
}

/** What has changed since people were told, in words; nothing for those who hear of it for the first time. */
function newsOf(before: Told | undefined, told: Told): readonly string[] {
  if (!before) return [];
  const changed = Object.keys(told).filter((key) => before[key] !== told[key]);
  return changed.map((key) => `Now: ${wordsOf(key, told[key])}.`);
}

function wordsOf(update: string, value: Told[string] | undefined): string {
  switch (update) {
    case 'severity':
      return `its severity is ${value}`;
    case 'joined':
      return `it has ${value} alerts`;
    case 'cause':
      return `its likely cause is ${value}`;
    case 'acknowledged':
      return value === '' ? 'nobody has it acknowledged any more' : `acknowledged by ${value}`;
    case 'assigned':
      return value === '' ? 'assigned to nobody' : `assigned to ${value}`;
    default:
      return value === true ? 'nothing has happened to it for long' : 'something happens to it again';
  }
}

function describe(incident: Incident, members: readonly ShownMember[]): readonly string[] {
  const { id, alerts, firing, startsAt, cause, changes, acknowledgement, assignee } = incident;
  const shown = members.slice(0, SHOWN_MEMBERS).map(({ name, status }) => `${name} (${status})`);
  const more = alerts > shown.length ? ` and ${alerts - shown.length} more` : '';
  const near = changes.slice(-SHOWN_CHANGES).map(({ at, what }) => `Changed near it: ${what} at ${time(at)}`);
  return [
    `${alerts} alerts, ${firing} of them firing, since ${time(startsAt)}.`,
    ...levelLines(incident),
    `Likely cause: ${causeText(cause)}`,
    ...near,
    ...(shown.length === 0 ? [] : [`Alerts: ${shown.join(', ')}${more}`]),
    ...(acknowledgement ? [`Acknowledged by ${acknowledgement.by}`] : []),
    ...(assignee === undefined ? [] : [`Assigned to ${assignee}`]),
    `signalbox incidents show ${id}`,
    `signalbox incidents ack ${id}`,
  ];
}

/** Its level under the procedures and what that asks for; nothing without. */
function levelLines({ assessment, openedAt }: Incident): readonly string[] {
  if (!assessment) return [];
  const { level, title, rule, lead, updateEveryMs, steps = [] } = assessment;
  const by = acknowledgeBy(assessment, openedAt);
  const asked = [
    ...(by === Infinity ? [] : [`acknowledge by ${time(by)}`]),
    ...(updateEveryMs === undefined ? [] : [`update every ${durationText(updateEveryMs)}`]),
    ...(lead === undefined ? [] : [`led by ${lead}`]),
  ];
  const name = title === undefined ? level : `${level}, ${title}`;
  return [
    `Level: ${[`${name} (${rule})`, ...asked].join('; ')}`,
    ...steps.map((step, index) => `${index + 1}. ${step}`),
  ];
}

const WHY: Readonly<Record<Cause['why'], string>> = {
  parent: 'a rule names it as the parent',
  upstream: 'its service depends on the fewest others',
  first: 'it began before the others',
};

function causeText({ title, service, why }: Cause): string {
  return `${title}${service === undefined ? '' : ` of ${service}`}: ${WHY[why]}`;
}

function endOf({ status, mergedInto }: Incident): string {
  if (mergedInto !== undefined) return `Incident is now part of ${mergedInto}`;
  return status === 'closed' ? 'Incident closed' : 'Incident resolved';
}

function time(at: number): string {
  return new Date(at).toISOString();
}
