import type { Fault } from '../fault.ts';

export const cutDatabase: Fault = {
  name: 'cut-database',
  title: 'a node and PostgreSQL are cut off from each other; nothing passes, no connection ends',
  async inject({ victim }) {
    for (const link of victim.links.database) link.cut();
  },
  async heal({ victim }) {
    for (const link of victim.links.database) link.heal();
  },
};
