import type { Fault } from '../fault.ts';

export const cutStandby: Fault = {
  name: 'cut-standby',
  title: 'the PostgreSQL primary and its synchronous standby are cut off from each other',
  async inject({ cluster: { between } }) {
    for (const link of between.standby) link.cut();
  },
  async heal({ cluster: { between } }) {
    for (const link of between.standby) link.heal();
  },
};
