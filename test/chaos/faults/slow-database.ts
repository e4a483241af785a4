import type { Fault, Scene } from '../fault.ts';

const DELAY_MS = 100;

const linksOf = ({ cluster }: Scene) => cluster.nodes.flatMap(({ links }) => links.database);

export const slowDatabase: Fault = {
  name: 'slow-database',
  title: `PostgreSQL takes ${2 * DELAY_MS} ms more for every answer, to all nodes`,
  async inject(scene) {
    for (const link of linksOf(scene)) link.delay(DELAY_MS);
  },
  async heal(scene) {
    for (const link of linksOf(scene)) link.heal();
  },
};
