import { Fault, type HttpClient, type HttpResponse } from '@signalbox/sdk';
import type { DiscordConfig } from './config.ts';

type Fields = Readonly<Record<string, unknown>>;

// https://discord.com/developers/docs/topics/opcodes-and-status-codes#json-json-error-codes
const UNKNOWN_WEBHOOK = 10_015;
const UNKNOWN_CHANNEL = 10_003;
const FORUM_NEEDS_THREAD = 220_001;
const MAX_REASON_CHARACTERS = 300;
/** Older versions of the API say milliseconds where newer ones say seconds; no wait of theirs is longer than this. */
const LONGEST_WAIT_SECONDS = 300;

/** Posts one message and waits until Discord has it, because only then it says what it refuses. @returns the id of the message */
export async function postMessage(
  http: HttpClient,
  { webhook_url, thread_id }: DiscordConfig,
  message: object,
): Promise<string | undefined> {
  const response = await http.request({
    method: 'POST',
    url: webhook_url,
    query: { wait: 'true', ...(thread_id === undefined ? {} : { thread_id }) },
    body: message,
    accept: [400, 404, 429],
  });
  if (response.status >= 300) throw refusal(response);
  const { id } = parse(response.text);
  return typeof id === 'string' ? id : undefined;
}

/** Asks for the webhook itself, which nobody sees. */
export async function readWebhook(http: HttpClient, { webhook_url }: DiscordConfig): Promise<void> {
  const response = await http.request({ method: 'GET', url: webhook_url, accept: [404] });
  if (response.status >= 300) throw refusal(response);
}

function refusal({ status, text, headers }: HttpResponse): Fault {
  const { code, message, retry_after } = parse(text);
  if (status === 429) {
    const said = [headers['x-ratelimit-reset-after'], retry_after, headers['retry-after']]
      .map(Number)
      .find((seconds) => seconds > 0);
    const seconds = Math.min(said ?? 5, LONGEST_WAIT_SECONDS);
    return new Fault('SB_RATE_LIMITED', 'Discord asks to slow down', {
      status,
      retryAfterMs: Math.ceil(seconds * 1_000),
    });
  }
  if (code === UNKNOWN_WEBHOOK) {
    return new Fault('SB_AUTH', 'Discord does not know the webhook; it was deleted', {
      status,
      field: 'config.webhook_url',
    });
  }
  const reason = typeof message === 'string' ? `: ${message.slice(0, MAX_REASON_CHARACTERS)}` : '';
  if (code === FORUM_NEEDS_THREAD || code === UNKNOWN_CHANNEL) {
    return new Fault('SB_CONFIG', `Discord refused (${status})${reason}`, {
      status,
      field: 'config.thread_id',
    });
  }
  return new Fault('SB_REJECTED', `Discord refused (${status})${reason}`, { status });
}

function parse(text: string): Fields {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Fields) : {};
  } catch {
    return {};
  }
}
