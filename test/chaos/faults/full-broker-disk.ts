import { BROKER_WITH_DISK } from '../cluster.ts';
import type { Fault } from '../fault.ts';

export const fullBrokerDisk: Fault = {
  name: 'full-broker-disk',
  title:
    'the disk of one of three brokers is full, and it ends; then there is room again, and it is started again',
  whyNot: ({ brokerDisk }) => ('missing' in brokerDisk ? brokerDisk.missing : undefined),
  async inject({ cluster: { brokerDisk } }) {
    if ('missing' in brokerDisk) throw new Error(brokerDisk.missing);
    await brokerDisk.fill();
  },
  async heal({ cluster: { brokerDisk, kafka } }) {
    if ('missing' in brokerDisk) throw new Error(brokerDisk.missing);
    if (kafka.isRunning(BROKER_WITH_DISK)) throw new Error('the broker goes on although its disk is full');
    await brokerDisk.free();
    await kafka.kill9(BROKER_WITH_DISK);
    await kafka.startBroker(BROKER_WITH_DISK);
  },
};
