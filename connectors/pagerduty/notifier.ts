import { templateNote, type Notification, type Notifier } from '@signalbox/sdk';
import { enqueue } from './client.ts';
import type { PagerdutyConfig } from './config.ts';
import { composeEvent, type Composed } from './event.ts';
import { composeGoEvent } from './go-event.ts';

export const notifier: Notifier<PagerdutyConfig> = {
  // PagerDuty documents that it throttles each integration key, and no longer at how many events; this is what it used to allow.
  limits: { rate: { requests: 120, perMs: 60_000 } },
  // The key is the deduplication key: a repeated trigger updates the same alert, and a repeated resolve does nothing.
  idempotency: 'key',

  async deliver(notification, { config, http, log }) {
    const { event, problem } = compose(notification, config);
    if (problem !== undefined) log.warn(templateNote(problem), { notification: notification.id });
    const summary = await enqueue(http, config, event);
    return { vendorId: event.dedup_key, summary: `${event.event_action}: ${summary}` };
  },

  render: (notification, config) => ({
    contentType: 'application/json',
    body: JSON.stringify(compose(notification, config).event, null, 2),
  }),
};

/** In the words of the configuration; in the default words where Go templates fail, under the key that was meant. */
function compose(notification: Notification, config: PagerdutyConfig): Composed {
  if (config.go_templates === undefined) return composeEvent(notification, config);
  const composed = composeGoEvent(notification, config.go_templates);
  if (composed.ok) return { event: composed.value };
  const { event } = composeEvent(notification, config, composed.problem);
  const bare = composeGoEvent(notification, BARE);
  return {
    event: bare.ok ? { ...event, dedup_key: bare.value.dedup_key } : event,
    problem: composed.problem,
  };
}

const BARE: NonNullable<PagerdutyConfig['go_templates']> = {
  details: {},
  images: [],
  links: [],
  definitions: [],
};
