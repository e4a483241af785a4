import type { SilenceView } from '../../api/views/present-silence.ts';
import { renderTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { relativeTime } from '../time-text.ts';

/** Beyond this an end is no end that anybody waits for. */
const ENDLESS = '9999';

export function silenceTable(silences: readonly SilenceView[], terminal: Terminal): string {
  const now = terminal.now();
  const columns = [
    { title: 'STATE' },
    { title: 'KIND' },
    { title: 'MATCHERS', isFlexible: true },
    { title: 'STARTS' },
    { title: 'ENDS' },
    { title: 'BY' },
    { title: 'COMMENT', isFlexible: true },
    { title: 'ID' },
  ];
  const rows = silences.map((silence) => [
    silence.state,
    silence.recurrence ? `${silence.kind}, ${silence.recurrence.rrule}` : silence.kind,
    silence.matchers.join(' '),
    relativeTime(silence.starts_at, now),
    silence.ends_at.startsWith(ENDLESS) ? 'never' : relativeTime(silence.ends_at, now),
    silence.created_by,
    silence.comment,
    silence.id,
  ]);
  return renderTable(columns, rows, terminal);
}
