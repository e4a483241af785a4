import { settleIncidents } from './settle-incidents.ts';

export default settleIncidents({
  description:
    'Resolves incidents by hand. One opens again with its next alert inside `incidents.reopen_window`.',
  example: { line: 'signalbox incidents resolve ID', what: 'the trouble is over' },
  action: 'resolve',
  done: 'is resolved',
});
