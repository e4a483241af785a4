import type { Fault } from '../fault.ts';

export const promoteStandby: Fault = {
  name: 'promote-standby',
  title:
    '`kill -9` of the PostgreSQL primary, and its synchronous standby is promoted; later the former primary follows it',
  async inject({ cluster }) {
    await cluster.postgres.kill9();
    await cluster.promote();
  },
  heal: ({ cluster }) => cluster.rejoin(),
};
