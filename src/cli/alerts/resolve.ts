import { defineAlertAction } from './act-on-alerts.ts';

export default defineAlertAction({
  action: 'resolve',
  description:
    'Says that it is over, in the place of a source that does not. When the source says "firing" again, it fires again.',
  flags: {},
  examples: [{ line: 'signalbox alerts resolve 5ef77f1f8a3ecfd7', what: 'its source will never say so' }],
  done: 'is resolved',
  body: () => ({}),
});
