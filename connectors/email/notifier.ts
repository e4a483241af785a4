import {
  cleanLine,
  compileTemplate,
  escapeHtml,
  Fault,
  shorten,
  templateNote,
  titleOf,
  type KeyValue,
  type Notification,
  type Notifier,
} from '@signalbox/sdk';
import type { EmailConfig } from './config.ts';
import { faultOfSmtp } from './fault.ts';
import { composeGoMail } from './go-mail.ts';
import { htmlBody } from './html-body.ts';
import { poolFor } from './pool.ts';
import { textBody } from './text-body.ts';

export const notifier: Notifier<EmailConfig> = {
  idempotency: 'none',

  async deliver(notification, { config, http, log, signal, state }) {
    const message = compose(notification, config);
    const pool = await poolFor(config);
    if (message.problem !== undefined)
      log.warn(templateNote(message.problem), { notification: notification.id });
    const messageId = messageIdOf(http.idempotencyKey, config.from);
    const thread = await threadOf(notification, messageId, state);
    const mail = {
      ...envelopeOf(notification, config, message),
      ...thread.headers,
      messageId,
      subject: message.subject,
      ...(message.text === undefined ? {} : { text: message.text }),
      ...(message.html === undefined ? {} : { html: message.html }),
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
    const { html, text = '' } = compose(notification, config);
    if (html === undefined) return { contentType: 'text/plain; charset=utf-8', body: text };
    return { contentType: 'text/html; charset=utf-8', body: html };
  },
};

/** The headers that do not depend on earlier messages. */
function envelopeOf(notification: Notification, config: EmailConfig, { to, headers }: Composed) {
  if (to.length === 0) {
    throw new Fault('SB_CONFIG', 'give `to` or `go_templates.to`', { field: 'config.to' });
  }
  const isUrgent = notification.priority === 'critical' && notification.status === 'firing';
  return {
    from: config.from,
    to: [...to],
    cc: [...config.cc],
    ...(config.reply_to === undefined ? {} : { replyTo: config.reply_to }),
    date: new Date(notification.createdAt),
    ...(isUrgent ? { priority: 'high' as const } : {}),
    headers: {
      ...headers,
      // RFC 3834: no holiday notes and no loops in answer to a machine.
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'X-Entity-Ref-ID': headerSafe(notification.groupId),
    },
  };
}

interface Composed {
  readonly to: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly subject: string;
  /** One of both is there. */
  readonly text?: string;
  readonly html?: string;
  readonly problem?: string;
}

function compose(notification: Notification, config: EmailConfig): Composed {
  if (config.go_templates === undefined) return composeLiquid(notification, config);
  const composed = composeGoMail(notification, config.go_templates);
  if (!composed.ok) return composeLiquid(notification, config, composed.problem);
  const { text, html, ...mail } = composed.value;
  const words =
    text === undefined && html === undefined ? composeLiquid(notification, config) : composed.value;
  return { to: config.to, ...words, ...mail, subject: subjectOf(mail.subject, notification) };
}

/** @param earlierProblem Why the wording that was wanted could not be used. */
function composeLiquid(notification: Notification, config: EmailConfig, earlierProblem?: string): Composed {
  const problems: string[] = earlierProblem === undefined ? [] : [earlierProblem];
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
    to: config.to,
    headers: {},
    subject: subjectOf(subject, notification),
    text: text ?? textBody(notification, config.max_alerts, note),
    html: html ?? htmlBody(notification, config.max_alerts, note),
    ...(problem === undefined ? {} : { problem }),
  };
}

function subjectOf(rendered: string | undefined, notification: Notification): string {
  return shorten(cleanLine(rendered ?? ''), 200) || titleOf(notification);
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
