import { severityOf } from '@signalbox/sdk';
import type { Cell } from './table.ts';
import type { Style } from './terminal.ts';

const STATUS_STYLES: Readonly<Record<string, Style>> = {
  firing: 'red',
  open: 'red',
  acknowledged: 'yellow',
  resolved: 'green',
  processed: 'green',
  delivered: 'green',
  succeeded: 'green',
  healthy: 'green',
  ok: 'green',
  pending: 'yellow',
  sending: 'yellow',
  waiting: 'yellow',
  starting: 'yellow',
  unknown: 'yellow',
  degraded: 'yellow',
  warning: 'yellow',
  held: 'red',
  quarantined: 'red',
  dead: 'red',
  refused: 'red',
  misconfigured: 'red',
  failed: 'red',
};

const SEVERITY_STYLES: Readonly<Record<string, Style>> = {
  critical: 'red',
  error: 'magenta',
  warning: 'yellow',
  info: 'blue',
};

/** A status in its colour, the same everywhere. */
export function statusCell(status: string): Cell {
  const style = Object.hasOwn(STATUS_STYLES, status) ? STATUS_STYLES[status] : undefined;
  return style === undefined ? status : { text: status, style };
}

/** A level of the procedures; red while nobody has acknowledged in its time. */
export function levelCell(level: string | undefined, isOverdue: boolean): Cell {
  if (level === undefined) return '';
  return isOverdue ? { text: `${level} overdue`, style: 'red' } : level;
}

export function severityCell(severity: string): Cell {
  const style = SEVERITY_STYLES[severityOf({ severity })];
  return style === undefined ? severity : { text: severity, style };
}
