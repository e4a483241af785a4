import { runCrashes } from '../crash.ts';
import { median, type Row } from '../row.ts';
import type { Setting } from '../setting.ts';
import { traceAcknowledgement } from '../trace.ts';

/** `kill -9` under load, and the order of system calls of one signal. */
export async function measureCrashes({ quick, seed, say }: Setting): Promise<readonly Row[]> {
  const report = await runCrashes({ kills: quick ? 5 : 50, seed, say });
  const trace = await traceAcknowledgement();
  say(
    `crash: ${report.lost.length} lost, ${report.wrong.length} wrong, ${report.repeated} repeated; trace ${trace.ran ? 'run' : 'not run'}`,
  );
  const none = { unit: 'count', must: { relation: '=', value: 0 } } as const;
  return [
    {
      what: `acknowledged signals lost by ${report.kills} × kill -9`,
      value: report.lost.length,
      ...none,
      figures: [
        { name: 'seed', value: report.seed, unit: 'count' },
        { name: 'sent', value: report.sent, unit: 'count' },
        { name: 'acknowledged', value: report.acknowledged, unit: 'count' },
        { name: 'unanswered', value: report.unanswered, unit: 'count' },
        { name: 'refused', value: report.refused, unit: 'count' },
        { name: 'restart to ready', value: median(report.restartMs), unit: 'ms' },
        { name: 'slowest', value: Math.max(...report.restartMs), unit: 'ms' },
      ],
      notes: report.lost.slice(0, 3),
    },
    { what: 'alerts in a wrong state', value: report.wrong.length, ...none, notes: report.wrong.slice(0, 3) },
    {
      what: 'receivers left with a wrong last word, or told out of order',
      value: report.toldWrong.length + report.outOfOrder,
      ...none,
      notes: report.toldWrong.slice(0, 3),
    },
    {
      what: 'repeated deliveries',
      value: report.repeated,
      unit: 'count',
      must: { relation: '≤', value: report.inFlightAtKills },
      figures: [
        { name: 'in flight at the kills', value: report.inFlightAtKills, unit: 'count' },
        { name: 'delivered', value: report.delivered, unit: 'count' },
      ],
    },
    trace.ran
      ? {
          what: 'system calls: sync of the journal before the 202',
          value: trace.isDurableFirst ? 1 : 0,
          unit: 'count',
          must: { relation: '=', value: 1 },
          notes: trace.calls,
        }
      : {
          what: 'system calls: sync of the journal before the 202',
          value: undefined,
          unit: 'count',
          notes: [trace.reason],
        },
  ];
}
