import {
  cleanLine,
  compileTemplate,
  escapeHtml,
  shorten,
  templateNote,
  titleOf,
  type KeyValue,
  type Notification,
  type Notifier,
} from '@signalbox/sdk';
import type { EmailConfig } from './config.ts';
import { faultOfSmtp } from './fault.ts';
import { htmlBody } from './html-body.ts';
import { poolFor } from './pool.ts';
import { textBody } from './text-body.ts';

export const notifier: Notifier<EmailConfig> = {
  idempotency: 'none',

  async deliver(notification, { config, http, log, signal, state }) {
    const pool = await poolFor(config);
    const message = compose(notification, config);
    if (message.problem !== undefined)
      log.warn(templateNote(message.problem), { notification: notification.id });
    const messageId = messageIdOf(http.idempotencyKey, config.from);
    const thread = await threadOf(notification, messageId, state);
    const mail = {
      ...envelopeOf(notification, config),
      ...thread.headers,
      messageId,
      subject: message.subject,
      text: message.text,
      html: message.html,
      signal,
    };
    const { accepted, rejected } = await pool.sendMail(mail).catch((error: unknown) => {
      throw faultOfSmtp(config.host, error);
    });
    await thread.remember();
    if (rejected.length > 0) log.warn('the server refused some recipients', { refused: rejected.length });
    const recipients = accepted.length === 1 ? '1 recipient' : `${accepted.length} recipients`;
    const refused = rejected.length === 0 ? '' : `, refused for ${rejected.length}`;
    return { vendorId: messageId, summary: `taken for ${recipients}${refused}` };
  },

  render(notification, config) {
    return { contentType: 'text/html; charset=utf-8', body: compose(notification, config).html };
  },
};

/** The headers that do not depend on earlier messages. */
function envelopeOf(notification: Notification, config: EmailConfig) {
  const isUrgent = notification.priority === 'critical' && notification.status === 'firing';
  return {
    from: config.from,
    to: [...config.to],
    cc: [...config.cc],
    ...(config.reply_to === undefined ? {} : { replyTo: config.reply_to }),
    date: new Date(notification.createdAt),
    ...(isUrgent ? { priority: 'high' as const } : {}),
    headers: {
      // RFC 3834: no holiday notes and no loops in answer to a machine.
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'X-Entity-Ref-ID': headerSafe(notification.groupId),
    },
  };
}

interface Composed {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly problem?: string;
}

function compose(notification: Notification, config: EmailConfig): Composed {
  const problems: string[] = [];
  const fill = (
    field: 'subject' | 'text' | 'html',
    escape?: (text: string) => string,
  ): string | undefined => {
    const source = config[field];
    if (source === undefined) return undefined;
    const options = { field: `config.${field}`, ...(escape === undefined ? {} : { escape }) };
    const rendering = compileTemplate(source, options).render(notification);
    if (rendering.ok) return rendering.text;
    problems.push(`${field}: ${rendering.problem}`);
    return undefined;
  };
  const subject = fill('subject');
  const text = fill('text');
  const html = fill('html', escapeHtml);
  const [problem] = problems;
  const note = problem === undefined ? '' : templateNote(problem);
  return {
    subject: shorten(cleanLine(subject ?? ''), 200) || titleOf(notification),
    text: text ?? textBody(notification, config.max_alerts, note),
    html: html ?? htmlBody(notification, config.max_alerts, note),
    ...(problem === undefined ? {} : { problem }),
  };
}

/** Derived from the idempotency key, so that mail programs and servers can tell a repeat from a new message. */
export function messageIdOf(idempotencyKey: string, from: string): string {
  const domain = /@([^>\s]+)>?\s*$/.exec(from)?.[1] ?? 'signalbox.invalid';
  return `<${headerSafe(idempotencyKey)}@${domain}>`;
}

function headerSafe(text: string): string {
  return text.replace(/[^A-Za-z0-9._-]/g, '-').slice(0, 120);
}

interface Thread {
  readonly headers: { readonly inReplyTo?: string; readonly references?: string };
  remember(): Promise<void>;
}

/** One thread per group, from its first message to the one that resolves it; a group that fires again begins another. */
async function threadOf(notification: Notification, messageId: string, state: KeyValue): Promise<Thread> {
  const key = `thread:${notification.groupId}`;
  const root = (await state.get(key)) || undefined;
  const isReply = root !== undefined && root !== messageId;
  const next = notification.status === 'resolved' ? '' : (root ?? messageId);
  return {
    headers: isReply ? { inReplyTo: root, references: root } : {},
    remember: () => state.set(key, next),
  };
}
