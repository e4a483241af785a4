import {
  Fault,
  templateNote,
  type DeliverContext,
  type Notification,
  type Notifier,
  type Receipt,
} from '@signalbox/sdk';
import { accessOf } from './access.ts';
import { callApi, errorOf, postWebhook, type MessageId } from './client.ts';
import type { SlackConfig } from './config.ts';
import { composeGoMessage, type GoMessage } from './go-message.ts';
import { composeMessage, type SlackMessage } from './message.ts';

export const notifier: Notifier<SlackConfig> = {
  // One message per second and channel. https://docs.slack.dev/apis/web-api/rate-limits#posting-messages
  limits: { rate: { requests: 1, perMs: 1_000 }, concurrency: 1 },
  idempotency: 'none',

  async deliver(notification, context) {
    const { config, http, log } = context;
    const { message, problem } = compose(notification, config);
    if (problem !== undefined) log.warn(templateNote(problem), { notification: notification.id });
    if (config.webhook_url === undefined) return deliverByApi(notification, message, context);
    await postWebhook(http, config.webhook_url, message);
    return { summary: 'posted through the incoming webhook' };
  },

  render: (notification, config) => ({
    contentType: 'application/json',
    body: JSON.stringify({ ...target(config), ...compose(notification, config).message }, null, 2),
  }),
};

/** In the words of the configuration; in the default words where Go templates fail. */
function compose(
  notification: Notification,
  config: SlackConfig,
): { readonly message: SlackMessage | GoMessage; readonly problem?: string } {
  if (config.go_templates === undefined) return composeMessage(notification, config);
  const composed = composeGoMessage(notification, config.go_templates);
  return composed.ok ? { message: composed.value } : composeMessage(notification, config, composed.problem);
}

/** The message that shows a group, as kept between deliveries. */
interface Shown extends MessageId {
  readonly status: 'firing' | 'resolved';
}

async function deliverByApi(
  notification: Notification,
  message: SlackMessage | GoMessage,
  { config, http, state }: DeliverContext<SlackConfig>,
): Promise<Receipt> {
  const access = accessOf(config);
  const channel = ('channel' in message ? message.channel : undefined) ?? config.channel;
  const key = `message:${notification.groupId}`;
  const shown = config.mode === 'new' ? undefined : readShown(await state.get(key));
  // A group that fires again after it was resolved is news; rewriting an old message would hide it.
  const isNews = shown?.status === 'resolved' && notification.status === 'firing';
  const earlier = isNews ? undefined : shown;

  const post = async (threadOf?: MessageId): Promise<MessageId> => {
    const thread = threadOf === undefined ? {} : { thread_ts: threadOf.ts };
    const to = { channel: threadOf?.channel ?? channel };
    return messageId(await callApi(http, access, 'chat.postMessage', { ...message, ...to, ...thread }));
  };
  const remember = (id: MessageId) =>
    state.set(
      key,
      JSON.stringify({ channel: id.channel, ts: id.ts, status: notification.status } satisfies Shown),
    );

  if (earlier === undefined) {
    const id = await post();
    if (config.mode !== 'new') await remember(id);
    return receipt('posted', id);
  }
  if (config.mode === 'thread') {
    const id = await post(earlier);
    await remember(earlier);
    return receipt('replied', id);
  }
  try {
    const { text, attachments } = message;
    await callApi(http, access, 'chat.update', {
      channel: earlier.channel,
      ts: earlier.ts,
      text,
      attachments,
    });
    await remember(earlier);
    return receipt('updated', earlier);
  } catch (fault) {
    if (!isGone(fault)) throw fault;
    const id = await post();
    await remember(id);
    return receipt('posted anew, the earlier message is gone', id);
  }
}

function target(config: SlackConfig): { channel?: string } {
  return config.webhook_url !== undefined || config.channel === undefined ? {} : { channel: config.channel };
}

function messageId({ channel, ts }: Readonly<Record<string, unknown>>): MessageId {
  if (typeof channel === 'string' && typeof ts === 'string') return { channel, ts };
  throw new Fault('SB_UNAVAILABLE', 'Slack took the message and did not say which one it is');
}

function receipt(what: string, { channel, ts }: MessageId): Receipt {
  return { vendorId: `${channel}/${ts}`, summary: `${what} in ${channel}` };
}

function readShown(text: string | undefined): Shown | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as Shown);
}

/** Deleted by a person, or too old to be edited. https://docs.slack.dev/reference/methods/chat.update#errors */
function isGone(fault: unknown): boolean {
  return ['message_not_found', 'cant_update_message', 'edit_window_closed', 'is_inactive'].includes(
    errorOf(fault),
  );
}
