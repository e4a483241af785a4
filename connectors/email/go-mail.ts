import { cleanLine, composeGo, Fault, shorten, type GoComposition, type Notification } from '@signalbox/sdk';
import { ADDRESS, type EmailConfig } from './config.ts';

const MAX_RECIPIENTS = 50;
const HEADER_CHARACTERS = 900;

/** Headers that say who gets what from whom, or how the parts are read: they are the connector's own. */
const OWN_HEADERS =
  /^(?:to|cc|bcc|from|sender|reply-to|return-path|date|message-id|in-reply-to|subject|mime-version|dkim-signature|resent-.*|content-.*|received)$/i;

/** What Go templates say of a mail. */
export interface GoMail {
  /** Undefined for those of the configuration. */
  readonly to?: readonly string[];
  readonly subject: string;
  readonly text?: string;
  readonly html?: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** @throws Fault `SB_REJECTED` for recipients that are no addresses: there is nobody to fall back to */
export function composeGoMail(
  notification: Notification,
  templates: NonNullable<EmailConfig['go_templates']>,
): GoComposition<GoMail> {
  return composeGo(notification, templates.definitions, (go) => {
    const field = (name: string): string => `config.go_templates.${name}`;
    return {
      ...(templates.to === undefined ? {} : { to: addressesOf(go.text(templates.to, field('to'))) }),
      subject: go.text(templates.subject, field('subject')),
      ...(templates.text === undefined ? {} : { text: go.text(templates.text, field('text')) }),
      ...(templates.html === undefined ? {} : { html: go.html(templates.html, field('html')) }),
      headers: Object.fromEntries(
        Object.entries(templates.headers ?? {})
          .filter(([name]) => !OWN_HEADERS.test(name))
          .map(([name, source]) => [
            name,
            shorten(cleanLine(go.text(source, field(`headers.${name}`))), HEADER_CHARACTERS),
          ]),
      ),
    };
  });
}

const ONE_ADDRESS = new RegExp(ADDRESS);

function addressesOf(text: string): readonly string[] {
  const addresses = text
    .split(',')
    .map((address) => address.trim())
    .filter((address) => address !== '');
  if (addresses.length === 0 || addresses.length > MAX_RECIPIENTS || !addresses.every(isAddress)) {
    throw new Fault(
      'SB_REJECTED',
      `the recipients that were rendered are not 1 to ${MAX_RECIPIENTS} addresses`,
      {
        field: 'config.go_templates.to',
      },
    );
  }
  return addresses;
}

function isAddress(text: string): boolean {
  return ONE_ADDRESS.test(text);
}
