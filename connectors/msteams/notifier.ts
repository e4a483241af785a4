import { composeGo, templateNote, type Notification, type Notifier } from '@signalbox/sdk';
import { fits, MESSAGE_BYTES, textCard } from './card.ts';
import type { TeamsConfig } from './config.ts';
import { composeMessage, type Composed } from './message.ts';

export const notifier: Notifier<TeamsConfig> = {
  // Four a second is what Microsoft allows; people read slower. https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using#rate-limiting-for-connectors
  limits: { rate: { requests: 1, perMs: 1_000 }, concurrency: 1 },
  idempotency: 'none',

  async deliver(notification, { config, http, log }) {
    const { message, problem } = compose(notification, config);
    if (problem !== undefined) log.warn(templateNote(problem), { notification: notification.id });
    const { status } = await http.request({ method: 'POST', url: config.webhook_url, body: message });
    return { summary: `HTTP ${status}` };
  },

  render: (notification, config) => ({
    contentType: 'application/json',
    body: JSON.stringify(compose(notification, config).message, null, 2),
  }),
};

/** In the words of the configuration; in the default words where Go templates fail, or yield more than Teams takes. */
function compose(notification: Notification, config: TeamsConfig): Composed {
  const templates = config.go_templates;
  if (templates === undefined) return composeMessage(notification, config);
  const composed = composeGo(notification, templates.definitions, (go) =>
    textCard(config.format, notification.status, {
      title: go.text(templates.title, 'config.go_templates.title'),
      text: go.text(templates.text, 'config.go_templates.text'),
      summary: go.text(templates.summary, 'config.go_templates.summary'),
    }),
  );
  if (!composed.ok) return composeMessage(notification, config, composed.problem);
  if (fits(composed.value)) return { message: composed.value };
  const problem = `config.go_templates: the card has more than the ${MESSAGE_BYTES} bytes that Teams takes`;
  return composeMessage(notification, config, problem);
}
