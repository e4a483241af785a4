import { defineAlertAction } from './act-on-alerts.ts';

export default defineAlertAction({
  action: 'close',
  description:
    'Says that nobody needs to hear of this occurrence any more, also when its source goes on about it.',
  flags: {},
  examples: [
    { line: `signalbox alerts close --matcher 'cluster="gone"'`, what: 'a whole cluster was taken down' },
  ],
  done: 'is closed',
  body: () => ({}),
});
