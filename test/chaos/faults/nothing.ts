import type { Fault } from '../fault.ts';

/** Shows what the load and this machine do by themselves. */
export const nothing: Fault = {
  name: 'nothing',
  title: 'nothing, for comparison',
  isPlanned: true,
  async inject() {},
  async heal() {},
};
