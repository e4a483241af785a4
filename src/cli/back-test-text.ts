import type { BackTest } from '../rehearsal/back-test.ts';
import type { Difference, DifferenceKind, Heard } from '../rehearsal/compare-outcomes.ts';
import type { FactsUsed } from '../rehearsal/facts-book.ts';
import { renderTable } from './table.ts';
import type { Style, Terminal } from './terminal.ts';

const STYLES: Readonly<Record<DifferenceKind, Style>> = {
  lost: 'red',
  added: 'green',
  retimed: 'yellow',
  fewer: 'yellow',
  more: 'yellow',
};
const MEANINGS: Readonly<Record<DifferenceKind, string>> = {
  lost: 'told in fact, and not under the candidate',
  added: 'told under the candidate, and not in fact',
  retimed: 'told at another time',
  fewer: 'told less often',
  more: 'told more often',
};

/** What is to be known of a difference that may come from what a replay does not know. */
const FACTS: Readonly<Record<FactsUsed, string>> = {
  recorded: '',
  partly: 'only part of its enrichment is known',
  unknown: 'its enrichment is unknown',
};

/** The whole screen of a back-test. */
export function backTestText(found: BackTest, terminal: Terminal): string {
  const { from, until, to, records, warmUpRecords, same, counts, differences, isCut, enriched, unknown } =
    found;
  const { paint } = terminal;
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const replayed = `${records} record${records === 1 ? '' : 's'} replayed, ${warmUpRecords} of them to warm up; compared ${clock(from)} to ${clock(until)} UTC.`;
  const kinds = (Object.keys(counts) as DifferenceKind[])
    .filter((kind) => counts[kind] > 0)
    .map((kind) => `  ${paint(STYLES[kind], `${counts[kind]} ${kind}`)}: ${MEANINGS[kind]}`);
  return [
    replayed,
    ...(until < to ? [paint('yellow', 'There were more records than may be read: see --max-records.')] : []),
    total === 0
      ? paint('green', `No difference: ${same} pairs of receiver and alert hear the same.`)
      : `${same} pairs of receiver and alert hear the same, ${total} hear something else:`,
    ...kinds,
    ...(found.receivers.length === 0
      ? []
      : [`\n${paint('bold', 'Notifications')}`, receiverTable(found, terminal)]),
    ...(differences.length === 0
      ? []
      : [`\n${paint('bold', 'Differences')}`, differenceTable(differences, terminal)]),
    ...(isCut ? [paint('dim', 'And more: see --limit.')] : []),
    ...(enriched.recorded === 0 ? [] : [`${enriched.recorded} statements had the enrichment of then.`]),
    ...(unknown.length === 0 ? [] : [`\n${paint('bold', 'Unknown')}`]),
    ...unknown.map(({ what, count }) => `${count} ${what}`),
  ].join('\n');
}

function receiverTable({ receivers }: BackTest, terminal: Terminal): string {
  const number = { align: 'right' as const };
  const columns = [
    { title: 'RECEIVER', isFlexible: true },
    { title: 'IN FACT', ...number },
    { title: 'CANDIDATE', ...number },
  ];
  return renderTable(
    columns,
    receivers.map(({ receiver, real, candidate }) => [receiver, String(real), String(candidate)]),
    terminal,
  );
}

function differenceTable(differences: readonly Difference[], terminal: Terminal): string {
  const columns = [
    { title: 'WHAT' },
    { title: 'RECEIVER' },
    { title: 'ALERT', isFlexible: true },
    { title: 'IN FACT' },
    { title: 'CANDIDATE' },
    { title: 'WHY', isFlexible: true },
    { title: 'FINGERPRINT' },
  ];
  const rows = differences.map(({ kind, receiver, name, real, candidate, why, facts, fingerprint }) => [
    { text: kind, style: STYLES[kind] },
    receiver,
    name,
    heardText(real),
    heardText(candidate),
    [why, facts && FACTS[facts]].filter(Boolean).join('; '),
    fingerprint,
  ]);
  return renderTable(columns, rows, terminal);
}

/** `3 firing, 1 resolved from 11-20 09:30:05`. */
function heardText({ firing, resolved, firstAt }: Heard): string {
  const parts = [
    ...(firing > 0 ? [`${firing} firing`] : []),
    ...(resolved > 0 ? [`${resolved} resolved`] : []),
  ];
  if (firstAt === undefined) return 'nothing';
  return `${parts.join(', ')} from ${clock(firstAt).slice(5)}`;
}

function clock(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}
