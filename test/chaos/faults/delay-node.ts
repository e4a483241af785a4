import type { Fault, Scene } from '../fault.ts';

const DELAY_MS = 250;

const linksOf = ({ victim: { links } }: Scene) => [...links.database, ...links.journal, links.receiver];

export const delayNode: Fault = {
  name: 'delay-node',
  title: `everything between a node and all others takes ${DELAY_MS} ms more, each way`,
  async inject(scene) {
    for (const link of linksOf(scene)) link.delay(DELAY_MS);
  },
  async heal(scene) {
    for (const link of linksOf(scene)) link.heal();
  },
};
