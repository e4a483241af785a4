import { defineAlertAction } from './act-on-alerts.ts';

export default defineAlertAction({
  action: 'comment',
  description: 'Remarks something; takes it from --comment.',
  flags: {},
  examples: [
    {
      line: 'signalbox alerts comment 5ef77f1f8a3ecfd7 --comment "disk ordered"',
      what: 'for whoever looks next',
    },
  ],
  done: 'has the comment',
  body: () => ({}),
});
