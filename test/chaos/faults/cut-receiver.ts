import type { Fault } from '../fault.ts';

export const cutReceiver: Fault = {
  name: 'cut-receiver',
  title: 'a node and the receiver are cut off from each other',
  async inject({ victim }) {
    victim.links.receiver.cut();
  },
  async heal({ victim }) {
    victim.links.receiver.heal();
  },
};
