import type { Context } from '@signalbox/sdk';
import { callApi } from './client.ts';
import type { TelegramConfig } from './config.ts';

/** Asks for the chat, which says whether the token is good and whether the bot is in the chat. */
export async function probe({ http, config }: Context<TelegramConfig>): Promise<void> {
  await callApi(http, config, 'getChat', { chat_id: config.chat_id.trim() });
}
