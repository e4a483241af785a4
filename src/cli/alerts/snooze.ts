import { CommandError } from '../command-error.ts';
import { defineAlertAction } from './act-on-alerts.ts';

export default defineAlertAction({
  action: 'snooze',
  description:
    'Tells nobody for a while, at most 30 days. What still fires when it ends is told then. Also holds what is critical in production, because a person says so.',
  flags: {
    for: { type: 'string', description: 'How long, e.g. `2h`', hint: 'DURATION' },
    until: { type: 'string', description: 'Until when instead, as RFC 3339', hint: 'TIME' },
  },
  examples: [
    { line: 'signalbox alerts snooze 5ef77f1f8a3ecfd7 --for 2h', what: 'after the release' },
    { line: `signalbox alerts snooze --matcher 'cluster="eu-1"' --for 30m`, what: 'a whole cluster' },
  ],
  done: 'is snoozed',
  body(flags) {
    if ((flags.for === undefined) === (flags.until === undefined))
      throw new CommandError('usage', 'say how long: either --for 2h or --until 2026-03-01T10:00:00Z');
    return flags.for === undefined ? { until: flags.until } : { for: flags.for };
  },
});
