import { startFakeServer, type FakeAnswer, type ReceivedRequest } from '@signalbox/sdk/testing';

export const FAKE_SLACK_TOKEN = 'xoxb-fake-0042-token';
export const FAKE_SLACK_HOOK = '/services/T00000000/B00000000/fakehook0042';

/** One message as the channel shows it now. */
export interface FakeMessage {
  readonly channel: string;
  readonly ts: string;
  readonly threadTs?: string;
  readonly edits: number;
  readonly content: Readonly<Record<string, unknown>>;
}

export interface FakeSlack {
  readonly url: string;
  /** Give it as `api_url`. */
  readonly apiUrl: string;
  /** Give it as `webhook_url`. */
  readonly webhookUrl: string;
  readonly requests: readonly ReceivedRequest[];
  /** All messages, oldest first. */
  messages(): readonly FakeMessage[];
  /** Refuses the next call with this error string. */
  refuseNext(error: string, headers?: Readonly<Record<string, string>>): void;
  /** As when a person deletes the message. */
  forget(ts: string): void;
  close(): Promise<void>;
}

/**
 * A small Slack: `auth.test`, `chat.postMessage`, `chat.update` and one incoming webhook, with Slack's limits on blocks and
 * texts. Knows the token `FAKE_SLACK_TOKEN` and every channel but `C404`.
 */
export async function startFakeSlack(
  onMessage: (message: FakeMessage) => void = () => {},
): Promise<FakeSlack> {
  const messages = new Map<string, FakeMessage>();
  let refusal: { error: string; headers: Readonly<Record<string, string>> } | undefined;
  let count = 0;

  function show(channel: string, content: Fields): FakeMessage {
    const ts = `1763630285.${String((count += 1)).padStart(6, '0')}`;
    const thread = typeof content['thread_ts'] === 'string' ? { threadTs: content['thread_ts'] } : {};
    const message = { channel, ts, edits: 0, content, ...thread };
    messages.set(ts, message);
    onMessage(message);
    return message;
  }

  function postMessage(content: Fields): Fields {
    const channel = stringOf(content['channel']);
    if (channel === 'C404') return { ok: false, error: 'channel_not_found' };
    const wrong = contentError(content);
    if (wrong !== undefined) return { ok: false, error: wrong };
    const { ts } = show(channel.startsWith('C') ? channel : 'C0000000042', content);
    return { ok: true, channel: messages.get(ts)?.channel, ts, message: { text: content['text'] } };
  }

  function update(content: Fields): Fields {
    const message = messages.get(stringOf(content['ts']));
    if (message === undefined || message.channel !== content['channel'])
      return { ok: false, error: 'message_not_found' };
    const wrong = contentError(content);
    if (wrong !== undefined) return { ok: false, error: wrong };
    const edited = { ...message, content, edits: message.edits + 1 };
    messages.set(message.ts, edited);
    onMessage(edited);
    return {
      ok: true,
      channel: message.channel,
      ts: message.ts,
      text: content['text'],
      message: { text: content['text'] },
    };
  }

  function answer(request: ReceivedRequest): FakeAnswer {
    const content = Object(request.body) as Fields;
    const refused = refusal;
    refusal = undefined;
    if (request.path === FAKE_SLACK_HOOK) {
      const error = refused?.error ?? contentError(content);
      if (error !== undefined) return { status: HOOK_STATUSES[error] ?? 400, body: error };
      show('C0000000042', content);
      return { body: 'ok' };
    }
    if (request.path.startsWith('/services/')) return { status: 404, body: 'no_service' };
    if (refused !== undefined) return { headers: refused.headers, body: { ok: false, error: refused.error } };
    if (request.headers['authorization'] !== `Bearer ${FAKE_SLACK_TOKEN}`)
      return { body: { ok: false, error: 'invalid_auth' } };
    switch (request.path) {
      case '/api/auth.test':
        return { body: { ok: true, team: 'Fake', user: 'signalbox' } };
      case '/api/chat.postMessage':
        return { body: postMessage(content) };
      case '/api/chat.update':
        return { body: update(content) };
      default:
        return { body: { ok: false, error: 'unknown_method' } };
    }
  }

  const server = await startFakeServer(answer);
  return {
    url: server.url,
    apiUrl: `${server.url}/api`,
    webhookUrl: server.url + FAKE_SLACK_HOOK,
    requests: server.requests,
    messages: () => [...messages.values()],
    refuseNext: (error, headers = {}) => (refusal = { error, headers }),
    forget: (ts) => messages.delete(ts),
    close: () => server.close(),
  };
}

type Fields = Readonly<Record<string, unknown>>;

const HOOK_STATUSES: Readonly<Record<string, number>> = {
  action_prohibited: 403,
  invalid_token: 403,
  channel_not_found: 404,
  no_service: 404,
  channel_is_archived: 410,
  rollup_error: 500,
};

/** What Slack finds wrong with a message: nothing to show, too many blocks, a text over its limit. */
function contentError(content: Fields): string | undefined {
  const attachments = listOf(content['attachments']);
  const blocks = [content, ...attachments].flatMap((part) => listOf(part['blocks']));
  const isWorded = attachments.some((part) => ['text', 'title', 'fallback'].some((name) => part[name]));
  if (!content['text'] && blocks.length === 0 && !isWorded) return 'no_text';
  if (attachments.length > 100) return 'too_many_attachments';
  const texts = blocks.flatMap((block) => [block['text'], ...listOf(block['elements'])]).map(textOf);
  if (blocks.length > 50 || texts.some((text) => text.length > 3_000)) return 'invalid_blocks';
  if (texts.join('').length > 13_200) return 'msg_blocks_too_long';
  return stringOf(content['text']).length > 40_000 ? 'msg_too_long' : undefined;
}

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? (value as Fields[]) : [];
}

function stringOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function textOf(value: unknown): string {
  return stringOf((Object(value) as Fields)['text']);
}

if (import.meta.main) {
  const slack = await startFakeSlack(({ channel, ts, threadTs, edits, content }) => {
    const how =
      edits > 0 ? `edited ${edits} times` : threadTs === undefined ? 'posted' : `in thread ${threadTs}`;
    console.log(`${channel}/${ts} ${how}\n${JSON.stringify(content, null, 2)}\n`);
  });
  console.log(`api_url: ${slack.apiUrl}\ntoken: ${FAKE_SLACK_TOKEN}\nor webhook_url: ${slack.webhookUrl}\n`);
}
