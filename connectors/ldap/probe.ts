import type { Context } from '@signalbox/sdk';
import type { LdapConfig } from './config.ts';
import { withClient } from './with-client.ts';

/** Connects, secures, binds, and looks whether the first base is there. */
export async function probe(context: Context<LdapConfig>): Promise<void> {
  const [first] = context.config.searches;
  await withClient(context, (client) => client.search(first!.base, { scope: 'base', attributes: ['1.1'] }));
}
