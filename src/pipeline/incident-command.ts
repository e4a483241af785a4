import { withDue } from '../correlation/age-incident.ts';
import { mergeIncidents } from '../correlation/merge-incidents.ts';
import type { CommandResult, IncidentCommand } from '../model/command.ts';
import type { Incident } from '../model/incident.ts';
import { transition, type IncidentEvent } from '../model/incident-transitions.ts';
import type { IncidentSettings, Settings } from '../model/settings.ts';
import { StaleIncident, type Commit, type Store } from '../store/port.ts';
import { incidentChange } from './change.ts';

interface IncidentContext {
  readonly store: Store;
  settings(): Settings;
  now(): number;
}

type Merges = NonNullable<Commit['incidentMerges']>;

/** How often a command is tried anew when the incident changed under it. */
const MAX_TRIES = 5;

/**
 * Applies what a person asked for, through the transition table of incidents; answered after the commit. The command may reach a node that does
 * not own the incident's scope: it names the version that it read, so either it is committed whole, or the owner was faster and it is decided
 * anew on what the owner wrote. The owner's batch is thrown away and repeated in the same way; nothing of either is lost.
 */
export async function applyIncidentCommand(
  context: IncidentContext,
  command: IncidentCommand,
): Promise<CommandResult> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await applyOnce(context, command);
    } catch (error) {
      if (!(error instanceof StaleIncident)) throw error;
      if (attempt < MAX_TRIES) continue;
      return { ok: false, code: 'unavailable', detail: `incident ${command.id} keeps changing; try again` };
    }
  }
}

async function applyOnce(
  { store, settings, now }: IncidentContext,
  command: IncidentCommand,
): Promise<CommandResult> {
  const { revision, incidents } = settings();
  const at = now();
  const wanted = command.action === 'merge' ? [command.id, command.into] : [command.id];
  const found = await store.incidents(wanted);
  const missing = wanted.find((id) => !found.some((incident) => incident.id === id));
  if (missing !== undefined)
    return { ok: false, code: 'not_found', detail: `there is no incident ${missing}` };
  const decided =
    command.action === 'merge' ? decideMerge(command, found, at) : decideOne(command, found[0]!, at);
  if (!decided) return conflict(command, found);
  const written = decided.incidents.map((incident) => nextVersion(incident, incidents));
  await store.commit({
    incidents: written,
    incidentMerges: decided.merges,
    changes: written.map((incident) => incidentChange(incident, at)),
    inputs: [{ step: 'command', now: at, revision, what: JSON.stringify(command) }],
  });
  return { ok: true };
}

interface Decided {
  readonly incidents: readonly Incident[];
  readonly merges: Merges;
}

function decideMerge(
  { id, into, by }: Extract<IncidentCommand, { readonly action: 'merge' }>,
  found: readonly Incident[],
  now: number,
): Decided | undefined {
  const source = found.find((incident) => incident.id === id)!;
  const target = found.find((incident) => incident.id === into)!;
  if (source.tenant !== target.tenant) return undefined;
  const merged = mergeIncidents(target, source, { by, now });
  return merged && { incidents: [merged.target, merged.source], merges: [{ from: id, to: into }] };
}

function decideOne(
  command: Exclude<IncidentCommand, { readonly action: 'merge' }>,
  incident: Incident,
  now: number,
): Decided | undefined {
  const changed = transition(incident, eventOf(command), now);
  return changed && { incidents: [changed], merges: [] };
}

function eventOf(command: Exclude<IncidentCommand, { readonly action: 'merge' }>): IncidentEvent {
  const { action, by } = command;
  if (action === 'assign') return { kind: 'assign', by, assignee: command.assignee };
  return { kind: action, by, ...(command.note === undefined ? {} : { note: command.note }) };
}

/** Without a configuration nothing is correlated any more, and nothing happens to an incident by itself. */
function nextVersion(incident: Incident, settings: IncidentSettings | undefined): Incident {
  const next = { ...incident, version: incident.version + 1 };
  if (settings) return withDue(next, settings);
  const { dueAt: _, ...kept } = next;
  return kept;
}

function conflict(command: IncidentCommand, found: readonly Incident[]): CommandResult {
  const source = found.find(({ id }) => id === command.id)!;
  const other = found.find(({ id }) => id !== command.id);
  const state = source.mergedInto === undefined ? source.status : `part of ${source.mergedInto}`;
  const target = other ? `, ${other.id} is ${other.status}` : '';
  const detail = `incident ${source.id} is ${state}${target}: it can't ${command.action}`;
  return { ok: false, code: 'conflict', detail };
}
