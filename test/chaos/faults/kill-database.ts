import type { Fault } from '../fault.ts';

export const killDatabase: Fault = {
  name: 'kill-database',
  title: '`kill -9` of the PostgreSQL primary with all its processes; started again after 4 s',
  holdMs: 4_000,
  inject: ({ cluster }) => cluster.postgres.kill9(),
  heal: ({ cluster }) => cluster.postgres.start(),
};
