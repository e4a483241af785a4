import { existsSync, readFileSync } from 'node:fs';
import {
  compareOutcomes,
  OUTCOMES,
  type Compared,
  type Outcome,
} from '../classification/compare-outcomes.ts';
import type { NamespaceFacts } from '../classification/classification.ts';
import type { Settings } from '../model/settings.ts';
import { readSettings, type SettingsFlags } from './read-settings.ts';
import { renderTable } from './table.ts';
import type { Terminal } from './terminal.ts';

export interface Comparison {
  readonly compared: readonly Compared[];
  /** How many namespaces have another value of it. */
  readonly changes: Readonly<Record<Outcome, number>>;
  readonly lines: LineChanges;
}

export interface LineChanges {
  readonly added: number;
  readonly removed: number;
  /** A line that says something else is one added and one removed, and counts once. */
  readonly changed: number;
}

const SHOWN = 100;

/** What a candidate would change for these namespaces, and how much had to be written for it. Both are read here; no hub is asked. */
export async function compareConfigurations(
  flags: SettingsFlags,
  candidate: string,
  namespaces: readonly NamespaceFacts[],
  terminal: Pick<Terminal, 'now'>,
): Promise<Comparison> {
  const before = await readSettings(flags);
  const after = await readSettings({ profile: flags.profile, config: candidate });
  const compared = compareOutcomes(before.settings, after.settings, namespaces, terminal.now());
  const changes = Object.fromEntries(
    OUTCOMES.map((outcome) => [outcome, compared.filter(({ changed }) => changed.includes(outcome)).length]),
  ) as Record<Outcome, number>;
  const lines = countChanges(textsOf(before.settings, before.files), textsOf(after.settings, after.files));
  return { compared, changes, lines };
}

/** The lines of the configuration, and of the files beside it that name anything of the organization. Comments and empty lines say nothing. */
function textsOf({ names = [] }: Settings, files: readonly string[]): readonly string[] {
  const all = new Set([...files, ...names.map(({ file }) => file)]);
  return [...all]
    .filter((file) => existsSync(file))
    .flatMap((file) => readFileSync(file, 'utf8').split(/\r?\n/))
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** A line that only stands elsewhere did not change. */
export function countChanges(before: readonly string[], after: readonly string[]): LineChanges {
  const left = new Map<string, number>();
  for (const line of before) left.set(line, (left.get(line) ?? 0) + 1);
  let added = 0;
  for (const line of after) {
    const count = left.get(line) ?? 0;
    if (count === 0) added += 1;
    else left.set(line, count - 1);
  }
  const removed = [...left.values()].reduce((sum, count) => sum + count, 0);
  return { added, removed, changed: Math.max(added, removed) };
}

export function describeComparison({ compared, changes, lines }: Comparison, terminal: Terminal): string {
  const differing = compared.filter(({ changed }) => changed.length > 0);
  const columns = [
    { title: 'NAMESPACE', isFlexible: true },
    { title: 'WHAT' },
    { title: 'BEFORE' },
    { title: 'AFTER' },
  ];
  const rows = differing.flatMap(({ namespace, before, after, changed }) =>
    changed.map((outcome) => [namespace, outcome, before[outcome] ?? '-', after[outcome] ?? '-']),
  );
  const counts = OUTCOMES.map((outcome) => `${outcome.replace('_', ' ')} ${changes[outcome]}`);
  return [
    ...(rows.length === 0 ? [] : [renderTable(columns, rows.slice(0, SHOWN), terminal)]),
    ...(rows.length > SHOWN ? [`… and ${rows.length - SHOWN} more; --json has all of them.`] : []),
    `${differing.length} of ${compared.length} namespaces change: ${counts.join(', ')}.`,
    `${lines.changed} lines of configuration differ (${lines.added} added, ${lines.removed} removed).`,
  ].join('\n');
}
