import type { Context } from '@signalbox/sdk';
import { askPage } from './ask.ts';
import type { ScimConfig } from './config.ts';

/** Asks for one entry of what it may read. */
export async function probe(context: Context<ScimConfig>): Promise<void> {
  await askPage(context, context.config.teams ? 'Groups' : 'Users', 1, 1);
}
