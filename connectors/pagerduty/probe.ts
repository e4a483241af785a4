import type { Context } from '@signalbox/sdk';
import { enqueue } from './client.ts';
import type { PagerdutyConfig } from './config.ts';

/** Resolves what was never triggered, which does nothing: the Events API has no other question to ask. */
export async function probe({ http, config }: Context<PagerdutyConfig>): Promise<void> {
  await enqueue(http, config, { event_action: 'resolve', dedup_key: 'signalbox/probe' });
}
