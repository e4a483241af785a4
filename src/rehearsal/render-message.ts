import { createRedactor, secretValues, type Notification } from '@signalbox/sdk';
import type { LoadedConnectors } from '../host/load-connectors.ts';
import type { Settings } from '../model/settings.ts';

/** What an integration would send. */
export interface Message {
  readonly at: number;
  readonly receiver: string;
  readonly integration: string;
  readonly contentType: string;
  readonly body: string;
  /** Instead of the two above, which are empty then: why it could not be rendered. */
  readonly problem?: string;
}

const MAX_BODY = 65_536;

/** The message as the notifier renders it, with nothing sent; a template that breaks is named, and stops nothing. */
export function renderMessage(
  notification: Notification,
  integration: string,
  settings: Settings,
  { connectors }: LoadedConnectors,
  at: number,
): Message {
  const where = { at, receiver: notification.receiver, integration };
  const own = settings.integrations[integration];
  const connector = own && connectors.get(own.connector);
  // What an engine is given says more than how its connector puts it.
  if (notification.run)
    return { ...where, contentType: 'application/json', body: JSON.stringify(notification.run) };
  if (!own || !connector?.notifier)
    return { ...where, contentType: '', body: '', problem: 'it can not deliver' };
  // Some vendors want a key in the body.
  const redact = createRedactor(secretValues(connector.config, own.config));
  try {
    const { contentType, body } = connector.notifier.render(notification, own.config);
    return { ...where, contentType, body: redact(body).slice(0, MAX_BODY) };
  } catch (error) {
    return {
      ...where,
      contentType: '',
      body: '',
      problem: redact(error instanceof Error ? error.message : String(error)),
    };
  }
}
