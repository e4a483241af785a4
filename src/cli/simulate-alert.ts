import { cleanLine, durationText, nameOf } from '@signalbox/sdk';
import type { SimulatedAlert, SimulatedRoute } from '../rehearsal/simulate-payload.ts';
import { severityCell, statusCell } from './styles.ts';
import { renderFields } from './table.ts';
import type { Terminal } from './terminal.ts';

/** One alert of a payload with the routes that take it. */
export function simulatedAlertText(alert: SimulatedAlert, terminal: Terminal): string {
  const pairs = (map: Readonly<Record<string, string>>): string =>
    Object.entries(map)
      .map(([name, value]) => `${name}="${value}"`)
      .join(', ');
  const fields = renderFields(
    [
      ['alert', { text: nameOf(alert), style: 'bold' }],
      ['status', statusCell(alert.status)],
      ['severity', alert.severity === '' ? 'none' : severityCell(alert.severity)],
      ['priority', alert.priority],
      ['labels', pairs(alert.labels)],
      ['annotations', pairs(alert.annotations)],
      ['fingerprint', alert.fingerprint],
      ...(alert.hold ? [['held', heldText(alert.hold)] as const] : []),
      ...alert.decisions.map(
        ({ stage, rule, outcome }) => [stage, cleanLine(`${rule}: ${outcome}`)] as const,
      ),
    ],
    terminal,
  );
  return [fields, ...alert.routes.map((route) => describeRoute(route, terminal))].join('\n');
}

function heldText({ reason, rule, comment }: NonNullable<SimulatedAlert['hold']>): string {
  return cleanLine(`${reason} by ${rule}, so nobody is told${comment ? `: ${comment}` : ''}`);
}

function describeRoute(route: SimulatedRoute, { paint }: Terminal): string {
  const intervals = `then every ${durationText(route.group_interval_ms)} when something changes, every ${durationText(route.repeat_interval_ms)} while it lasts`;
  const after = route.first_told_after_ms;
  const when =
    after === undefined
      ? 'only if it was told before that it fires'
      : after === 0
        ? `at once, ${intervals}`
        : `after ${durationText(after)}, ${intervals}`;
  const who =
    route.tells.length === 0
      ? `nobody: the receiver ${route.receiver} is empty`
      : route.tells.map(recipient).join(', ');
  return [
    `${paint('cyan', '→')} route ${cleanLine(route.route)}  receiver ${route.receiver}`,
    `    group ${cleanLine(route.group_key)}`,
    `    tells ${who}`,
    `    ${when}`,
  ].join('\n');
}

function recipient({ integration, resolved, fallback }: SimulatedRoute['tells'][number]): string {
  const notes = [
    ...(fallback.length > 0 ? [`else ${fallback.join(', then ')}`] : []),
    ...(resolved ? [] : ['not when resolved']),
  ];
  return notes.length === 0 ? integration : `${integration} (${notes.join('; ')})`;
}
