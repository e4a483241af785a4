import type { Fault } from '../fault.ts';
import { clockJump } from './clock-jump.ts';
import { cutBroker } from './cut-broker.ts';
import { cutDatabase } from './cut-database.ts';
import { cutJournal } from './cut-journal.ts';
import { cutReceiver } from './cut-receiver.ts';
import { cutStandby } from './cut-standby.ts';
import { delayNode } from './delay-node.ts';
import { fullBrokerDisk } from './full-broker-disk.ts';
import { fullDisk } from './full-disk.ts';
import { killBroker } from './kill-broker.ts';
import { killDatabase } from './kill-database.ts';
import { killNode } from './kill-node.ts';
import { nothing } from './nothing.ts';
import { promoteStandby } from './promote-standby.ts';
import { rollingUpgrade } from './rolling-upgrade.ts';
import { slowDatabase } from './slow-database.ts';
import { slowServers } from './slow-servers.ts';
import { stopNode } from './stop-node.ts';

/** In the order in which they are tried; those that spoil the cluster come last. */
export const FAULTS: readonly Fault[] = [
  nothing,
  killNode,
  stopNode,
  cutDatabase,
  cutJournal,
  cutReceiver,
  delayNode,
  slowDatabase,
  slowServers,
  clockJump,
  killBroker,
  cutBroker,
  fullBrokerDisk,
  killDatabase,
  cutStandby,
  rollingUpgrade,
  fullDisk,
  promoteStandby,
];
