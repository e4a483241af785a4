import { defineAlertAction } from './act-on-alerts.ts';

export default defineAlertAction({
  action: 'acknowledge',
  description:
    'Says that somebody is on it. Repeats are held back while all that fires in a group is acknowledged (`lifecycle.ack_stops_repeats`).',
  flags: {},
  examples: [{ line: 'signalbox alerts ack 5ef77f1f8a3ecfd7 --comment "looking"', what: 'I am on it' }],
  done: 'is acknowledged',
  body: () => ({}),
});
