import type { Context } from '@signalbox/sdk';
import { readWebhook } from './client.ts';
import type { DiscordConfig } from './config.ts';

/** Checks that Discord knows the webhook, without posting. */
export async function probe({ http, config }: Context<DiscordConfig>): Promise<void> {
  await readWebhook(http, config);
}
