import { settleIncidents } from './settle-incidents.ts';

export default settleIncidents({
  description: 'Opens incidents again, also closed ones, and takes an acknowledgement back.',
  example: { line: 'signalbox incidents reopen ID', what: 'it was not over' },
  action: 'reopen',
  done: 'is open again',
});
