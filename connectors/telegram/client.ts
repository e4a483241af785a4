import { Fault, type FaultCode, type HttpClient, type HttpResponse } from '@signalbox/sdk';
import type { TelegramConfig } from './config.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Refusals that are about the chat of the settings, by the words of Telegram's `description`. */
const ABOUT_CHAT =
  /chat not found|chat_id is empty|thread not found|upgraded to a supergroup|not enough rights|need administrator rights|CHAT_WRITE_FORBIDDEN|TOPIC_CLOSED/i;
const MAX_REASON_CHARACTERS = 300;

/**
 * Calls one method. Telegram answers with `ok`, and says in `description` what it refuses; of a wrong token it says 401, or 404 when it does
 * not even look like one. https://core.telegram.org/bots/api#making-requests
 *
 * @returns the `result`
 */
export async function callApi(
  http: HttpClient,
  { api_url, bot_token }: Pick<TelegramConfig, 'api_url' | 'bot_token'>,
  method: 'sendMessage' | 'getChat',
  body: object,
): Promise<Fields> {
  const response = await http.request({
    method: 'POST',
    url: `${api_url.replace(/\/+$/, '')}/bot${bot_token}/${method}`,
    body,
    accept: [400, 403, 404, 429],
  });
  if (response.status >= 300) throw refusal(response);
  const answer = fieldsOf(response.json());
  if (answer['ok'] !== true) {
    throw new Fault('SB_UNAVAILABLE', 'Telegram answered with something that is not its answer');
  }
  return fieldsOf(answer['result']);
}

function refusal({ status, text, headers }: HttpResponse): Fault {
  const answer = parse(text);
  const isTelegrams = answer['ok'] === false;
  const said = typeof answer['description'] === 'string' ? answer['description'] : '';
  const reason = said.slice(0, MAX_REASON_CHARACTERS);
  const { retry_after, migrate_to_chat_id } = fieldsOf(answer['parameters']);
  if (status === 429) {
    const seconds = typeof retry_after === 'number' ? retry_after : Number(headers['retry-after']);
    return new Fault('SB_RATE_LIMITED', 'Telegram asks to slow down', {
      status,
      retryAfterMs: seconds > 0 ? seconds * 1_000 : 30_000,
    });
  }
  if (status === 404 && isTelegrams) {
    return new Fault('SB_AUTH', 'Telegram does not know the bot', { status, field: 'config.bot_token' });
  }
  const moved = typeof migrate_to_chat_id === 'number' ? `; its id is ${migrate_to_chat_id} from now on` : '';
  const code: FaultCode =
    status === 403 ? 'SB_AUTH' : status === 400 && ABOUT_CHAT.test(reason) ? 'SB_CONFIG' : 'SB_REJECTED';
  return new Fault(code, `Telegram refused (${status})${reason === '' ? '' : `: ${reason}`}${moved}`, {
    status,
    ...(code === 'SB_REJECTED' ? {} : { field: 'config.chat_id' }),
  });
}

function parse(text: string): Fields {
  try {
    return fieldsOf(JSON.parse(text));
  } catch {
    return {};
  }
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}
