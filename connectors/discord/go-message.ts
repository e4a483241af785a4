import { composeGo, type GoComposition, type Notification } from '@signalbox/sdk';
import type { DiscordConfig } from './config.ts';
import {
  CONTENT_CHARACTERS,
  DESCRIPTION_CHARACTERS,
  TITLE_CHARACTERS,
  type DiscordMessage,
} from './message.ts';

/** Alertmanager's colors. */
const RED = 0x992d22;
const GREEN = 0x2ecc71;

/** A message as Alertmanager sends it, cut where it cuts. */
export function composeGoMessage(
  notification: Notification,
  { content, title, message, definitions }: NonNullable<DiscordConfig['go_templates']>,
): GoComposition<DiscordMessage> {
  return composeGo(notification, definitions, (go) => ({
    content: cutCharacters(go.text(content, 'config.go_templates.content'), CONTENT_CHARACTERS),
    embeds: [
      {
        title: cutCharacters(go.text(title, 'config.go_templates.title'), TITLE_CHARACTERS),
        description: cutCharacters(go.text(message, 'config.go_templates.message'), DESCRIPTION_CHARACTERS),
        color: notification.status === 'firing' ? RED : GREEN,
      },
    ],
  }));
}

/** By characters and not by UTF-16 units, as Alertmanager cuts. */
function cutCharacters(text: string, most: number): string {
  const characters = Array.from(text);
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}
