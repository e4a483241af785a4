import { defineAlertAction } from './act-on-alerts.ts';

export default defineAlertAction({
  action: 'reopen',
  description: 'Takes a close or a resolve by hand back.',
  flags: {},
  examples: [{ line: 'signalbox alerts reopen 5ef77f1f8a3ecfd7', what: 'that was too early' }],
  done: 'is open again',
  body: () => ({}),
});
