import { templateNote, type Notification, type Notifier } from '@signalbox/sdk';
import { callApi } from './client.ts';
import type { TelegramConfig } from './config.ts';
import { composeGoMessage } from './go-message.ts';
import { composeMessage, type Composed } from './message.ts';

export const notifier: Notifier<TelegramConfig> = {
  // More than one a second in a chat may be refused; in a group more than 20 a minute are. https://core.telegram.org/bots/faq
  limits: { rate: { requests: 20, perMs: 60_000 }, concurrency: 1 },
  idempotency: 'none',

  async deliver(notification, { config, http, log }) {
    const { message, problem } = compose(notification, config);
    if (problem !== undefined) log.warn(templateNote(problem), { notification: notification.id });
    const { message_id } = await callApi(http, config, 'sendMessage', bodyOf(message, config));
    const id = typeof message_id === 'number' ? String(message_id) : undefined;
    return { summary: 'sent', ...(id === undefined ? {} : { vendorId: id }) };
  },

  render: (notification, config) => ({
    contentType: 'application/json',
    body: JSON.stringify(bodyOf(compose(notification, config).message, config), null, 2),
  }),
};

function bodyOf(message: Composed['message'], config: TelegramConfig): object {
  return {
    chat_id: config.chat_id.trim(),
    ...(config.message_thread_id === undefined ? {} : { message_thread_id: config.message_thread_id }),
    ...message,
    ...(config.disable_notifications ? { disable_notification: true } : {}),
    link_preview_options: { is_disabled: true },
  };
}

/** In the words of the configuration; in the default words where Go templates fail. */
function compose(notification: Notification, config: TelegramConfig): Composed {
  if (config.go_templates?.message === undefined) return composeMessage(notification, config);
  const composed = composeGoMessage(notification, config.go_templates);
  return composed.ok ? { message: composed.value } : composeMessage(notification, config, composed.problem);
}
