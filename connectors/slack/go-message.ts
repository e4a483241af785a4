import { composeGo, shorten, type GoComposition, type GoRenderer, type Notification } from '@signalbox/sdk';
import type { SlackConfig } from './config.ts';

/** Longer headings are refused: https://docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments */
const TITLE_CHARACTERS = 1_024;

type GoTemplates = NonNullable<SlackConfig['go_templates']>;

/** A message as Alertmanager posts it: one attachment. What is empty is left out where Alertmanager leaves it out. */
export interface GoMessage {
  readonly channel?: string;
  readonly username?: string;
  readonly icon_emoji?: string;
  readonly icon_url?: string;
  readonly link_names?: boolean;
  readonly text?: string;
  readonly attachments: readonly object[];
}

export function composeGoMessage(
  notification: Notification,
  templates: GoTemplates,
): GoComposition<GoMessage> {
  return composeGo(notification, templates.definitions, (go) => {
    const text = (name: keyof GoTemplates): string =>
      go.text(templates[name] as string | undefined, fieldOf(name));
    return {
      ...given({
        channel: text('channel'),
        username: text('username'),
        icon_emoji: text('icon_emoji'),
        icon_url: text('icon_url'),
        link_names: templates.link_names,
        text: text('message_text'),
      }),
      attachments: [
        {
          ...given({
            title: shorten(text('title'), TITLE_CHARACTERS),
            title_link: text('title_link'),
            pretext: text('pretext'),
          }),
          text: text('text'),
          fallback: text('fallback'),
          callback_id: text('callback_id'),
          ...given({
            fields: fieldsOf(templates, go),
            actions: actionsOf(templates, go),
            image_url: text('image_url'),
            thumb_url: text('thumb_url'),
          }),
          footer: text('footer'),
          ...given({ color: text('color'), mrkdwn_in: templates.mrkdwn_in }),
        },
      ],
    };
  });
}

function fieldOf(name: string): string {
  return `config.go_templates.${name}`;
}

function fieldsOf({ fields, short_fields }: GoTemplates, go: GoRenderer): readonly object[] {
  return fields.map(({ title, value, short }, index) => ({
    title: go.text(title, fieldOf(`fields[${index}].title`)),
    value: go.text(value, fieldOf(`fields[${index}].value`)),
    short: short ?? short_fields,
  }));
}

/** A button with an address tells the app nothing, as in Alertmanager. */
function actionsOf({ actions }: GoTemplates, go: GoRenderer): readonly object[] {
  return actions.map((action, index) => {
    const at = (key: string): string => fieldOf(`actions[${index}].${key}`);
    const { type, text, url, style, name, value, confirm } = action;
    const shown = { type: go.text(type, at('type')), text: go.text(text, at('text')) };
    const look = given({ style: go.text(style, at('style')) });
    if (url) return { ...shown, url: go.text(url, at('url')), ...look };
    return {
      ...shown,
      ...look,
      ...given({ name: go.text(name, at('name')), value: go.text(value, at('value')) }),
      ...(confirm === undefined ? {} : { confirm: confirmOf(confirm, go, at) }),
    };
  });
}

function confirmOf(
  confirm: NonNullable<GoTemplates['actions'][number]['confirm']>,
  go: GoRenderer,
  at: (key: string) => string,
): object {
  return {
    text: go.text(confirm.text, at('confirm.text')),
    ...given({
      title: go.text(confirm.title, at('confirm.title')),
      ok_text: go.text(confirm.ok_text, at('confirm.ok_text')),
      dismiss_text: go.text(confirm.dismiss_text, at('confirm.dismiss_text')),
    }),
  };
}

/** Without what is empty, false or nothing. */
function given(values: Readonly<Record<string, string | boolean | readonly unknown[]>>): object {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => (typeof value === 'object' ? value.length > 0 : value)),
  );
}
