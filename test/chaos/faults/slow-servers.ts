import type { Cluster } from '../cluster.ts';
import type { Fault } from '../fault.ts';

const DELAY_MS = 100;

const linksOf = ({ between }: Cluster) => [...between.standby, ...between.brokers.flat()];

export const slowServers: Fault = {
  name: 'slow-servers',
  title: `everything between the brokers, and between PostgreSQL and its standby, takes ${DELAY_MS} ms more, each way`,
  async inject({ cluster }) {
    for (const link of linksOf(cluster)) link.delay(DELAY_MS);
  },
  async heal({ cluster }) {
    for (const link of linksOf(cluster)) link.heal();
  },
};
