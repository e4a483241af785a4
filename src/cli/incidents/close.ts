import { settleIncidents } from './settle-incidents.ts';

export default settleIncidents({
  description: 'Closes incidents for good: their alerts open a new incident when they fire again.',
  example: { line: 'signalbox incidents close ID', what: 'nobody needs it any more' },
  action: 'close',
  done: 'is closed',
});
