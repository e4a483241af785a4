import type { Fault } from '../fault.ts';

export const cutJournal: Fault = {
  name: 'cut-journal',
  title: 'a node and all brokers are cut off from each other',
  async inject({ victim }) {
    for (const link of victim.links.journal) link.cut();
  },
  async heal({ victim }) {
    for (const link of victim.links.journal) link.heal();
  },
};
