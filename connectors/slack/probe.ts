import type { Context } from '@signalbox/sdk';
import { accessOf } from './access.ts';
import { callApi, errorOf, postWebhook } from './client.ts';
import type { SlackConfig } from './config.ts';

/** Slack refuses an empty message only after it has found the hook, so these answers mean that the hook works. */
const EMPTY_MESSAGE_ERRORS = ['no_text', 'invalid_payload', 'missing_text_or_fallback_or_attachments'];

/** Checks that Slack knows the token or the hook, without posting. */
export async function probe({ http, config }: Context<SlackConfig>): Promise<void> {
  if (config.webhook_url === undefined) {
    await callApi(http, accessOf(config), 'auth.test', {});
    return;
  }
  try {
    await postWebhook(http, config.webhook_url, {});
  } catch (fault) {
    if (!EMPTY_MESSAGE_ERRORS.includes(errorOf(fault))) throw fault;
  }
}
