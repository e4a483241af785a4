import { BROKERS } from '../cluster.ts';
import type { Fault, Scene } from '../fault.ts';

const linksOf = ({ cluster, round }: Scene) => cluster.between.brokers[round % BROKERS]!;

/** One way only: what that broker asks of others, such as its heartbeats to the controller, still arrives, so that it keeps its partitions. */
export const cutBroker: Fault = {
  name: 'cut-broker',
  title: 'the other brokers can not reach one of three, which leads its partitions on',
  async inject(scene) {
    for (const link of linksOf(scene)) link.cut();
  },
  async heal(scene) {
    for (const link of linksOf(scene)) link.heal();
  },
};
