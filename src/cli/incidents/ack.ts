import { settleIncidents } from './settle-incidents.ts';

export default settleIncidents({
  description: 'Says that somebody has seen incidents: they are not escalated meanwhile.',
  example: { line: 'signalbox incidents ack ID', what: 'kim looks after it' },
  action: 'acknowledge',
  done: 'is acknowledged',
});
