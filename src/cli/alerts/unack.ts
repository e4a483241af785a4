import { defineAlertAction } from './act-on-alerts.ts';

export default defineAlertAction({
  action: 'unacknowledge',
  description: 'Takes an acknowledgement back. What is due since is told at the next tick.',
  flags: {},
  examples: [{ line: 'signalbox alerts unack 5ef77f1f8a3ecfd7', what: 'somebody else has to look' }],
  done: 'is open again',
  body: () => ({}),
});
