import { defineAlertAction } from './act-on-alerts.ts';

export default defineAlertAction({
  action: 'unsnooze',
  description: 'Ends a snooze now. What still fires is told at the next tick.',
  flags: {},
  examples: [{ line: 'signalbox alerts unsnooze 5ef77f1f8a3ecfd7', what: 'it matters after all' }],
  done: 'is snoozed no more',
  body: () => ({}),
});
