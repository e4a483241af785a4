import type { Fault } from '../fault.ts';

export const killNode: Fault = {
  name: 'kill-node',
  title: '`kill -9` of a node; started again after its leases have passed on',
  async inject({ victim }) {
    await victim.end('SIGKILL');
  },
  heal: ({ victim }) => victim.start(),
};
