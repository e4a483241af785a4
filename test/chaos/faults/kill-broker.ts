import { BROKERS } from '../cluster.ts';
import type { Fault } from '../fault.ts';

export const killBroker: Fault = {
  name: 'kill-broker',
  title: '`kill -9` of one of three brokers; started again later',
  inject: ({ cluster, round }) => cluster.kafka.kill9(round % BROKERS),
  heal: ({ cluster, round }) => cluster.kafka.startBroker(round % BROKERS),
};
