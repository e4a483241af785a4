import type { Fault } from '../fault.ts';

/** The zombie: it holds everything that it held, believes so, and comes back when others have gone on. */
export const stopNode: Fault = {
  name: 'stop-node',
  title: 'SIGSTOP of a node past its leases, then SIGCONT',
  holdMs: 12_000,
  async inject({ victim }) {
    victim.signal('SIGSTOP');
  },
  async heal({ victim }) {
    victim.signal('SIGCONT');
  },
  inspect({ victim, healedAt, arrivals }) {
    const byOthers = new Set<string>();
    const late: string[] = [];
    for (const { delivery, node, at } of arrivals) {
      if (node !== victim) byOthers.add(delivery);
      if (node === victim && at >= healedAt && byOthers.has(delivery))
        late.push(`${delivery}: sent by ${victim} after it was resumed, and by another node before`);
    }
    return late;
  },
};
