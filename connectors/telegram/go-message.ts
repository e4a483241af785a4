import { composeGo, type GoComposition, type Notification } from '@signalbox/sdk';
import type { TelegramConfig } from './config.ts';
import { fits, TEXT_CHARACTERS, type TelegramMessage } from './message.ts';

/**
 * A message as Alertmanager sends it. Plain text that is too long is cut, as there; marked text can't be, because a cut would leave a mark open.
 * Where Alertmanager then sends a line that says so, the hub's own words go out.
 */
export function composeGoMessage(
  notification: Notification,
  { message, parse_mode, definitions }: NonNullable<TelegramConfig['go_templates']>,
): GoComposition<TelegramMessage> {
  const field = 'config.go_templates.message';
  const composed = composeGo(notification, definitions, (go) =>
    parse_mode === 'HTML' ? go.html(message, field) : go.text(message, field),
  );
  if (!composed.ok) return composed;
  const text = composed.value;
  if (text.trim() === '') return { ok: false, problem: `${field}: it yields no text` };
  if (parse_mode !== 'HTML') {
    const cut = cutCharacters(text);
    return { ok: true, value: { text: cut, ...(parse_mode === '' ? {} : { parse_mode }) } };
  }
  return fits(text)
    ? { ok: true, value: { text, parse_mode } }
    : { ok: false, problem: `${field}: longer than the ${TEXT_CHARACTERS} characters that Telegram takes` };
}

/** By characters and not by UTF-16 units, as Alertmanager cuts. */
function cutCharacters(text: string): string {
  const characters = Array.from(text);
  return characters.length <= TEXT_CHARACTERS
    ? text
    : `${characters.slice(0, TEXT_CHARACTERS - 1).join('')}…`;
}
