import { templateNote, type Notification, type Notifier } from '@signalbox/sdk';
import { postMessage } from './client.ts';
import type { DiscordConfig } from './config.ts';
import { composeGoMessage } from './go-message.ts';
import { composeMessage, type Composed } from './message.ts';

export const notifier: Notifier<DiscordConfig> = {
  // Discord does not promise how many it takes and says with each answer how long to wait; this pace seldom meets that.
  limits: { rate: { requests: 30, perMs: 60_000 }, concurrency: 1 },
  idempotency: 'none',

  async deliver(notification, { config, http, log }) {
    const { message, problem } = compose(notification, config);
    if (problem !== undefined) log.warn(templateNote(problem), { notification: notification.id });
    const id = await postMessage(http, config, bodyOf(message, config));
    return { summary: 'sent', ...(id === undefined ? {} : { vendorId: id }) };
  },

  render: (notification, config) => ({
    contentType: 'application/json',
    body: JSON.stringify(bodyOf(compose(notification, config).message, config), null, 2),
  }),
};

function bodyOf(message: Composed['message'], { username, avatar_url }: DiscordConfig): object {
  return {
    ...message,
    ...(username === undefined ? {} : { username }),
    ...(avatar_url === undefined ? {} : { avatar_url }),
  };
}

/** In the words of the configuration; in the default words where Go templates fail. */
function compose(notification: Notification, config: DiscordConfig): Composed {
  if (config.go_templates === undefined) return composeMessage(notification, config);
  const composed = composeGoMessage(notification, config.go_templates);
  return composed.ok ? { message: composed.value } : composeMessage(notification, config, composed.problem);
}
