import type { Notification } from '@signalbox/sdk';
import { errorText } from '../lib/error-text.ts';
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
  const notifier = own && connectors.get(own.connector)?.notifier;
  if (!notifier) return { ...where, contentType: '', body: '', problem: 'it can not deliver' };
  try {
    const { contentType, body } = notifier.render(notification, own.config);
    return { ...where, contentType, body: body.slice(0, MAX_BODY) };
  } catch (error) {
    return { ...where, contentType: '', body: '', problem: errorText(error) };
  }
}
