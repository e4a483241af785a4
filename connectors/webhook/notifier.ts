import {
  alertmanagerMessage,
  compileTemplate,
  composeGo,
  Fault,
  templateNote,
  type Notification,
  type Notifier,
  type Rendered,
} from '@signalbox/sdk';
import type { WebhookConfig } from './config.ts';
import { signatureHeaders } from './sign.ts';

export const notifier: Notifier<WebhookConfig> = {
  idempotency: 'key',

  async deliver(notification, { config, http, log, now }) {
    const url = addressOf(notification, config);
    const { contentType, body, problem } = bodyOf(notification, config);
    if (problem !== undefined) log.warn(templateNote(problem), { notification: notification.id });
    const secrets = secretsOf(config);
    const response = await http.request({
      method: config.method,
      url,
      ...(config.query === undefined ? {} : { query: config.query }),
      headers: {
        ...authorization(config),
        ...config.headers,
        'content-type': contentType,
        ...(secrets.length === 0 ? {} : signatureHeaders(http.idempotencyKey, now(), body, secrets)),
      },
      body,
      idempotencyHeader: 'idempotency-key',
    });
    const taken = `HTTP ${response.status}`;
    return { summary: problem === undefined ? taken : `${taken}. ${templateNote(problem)}` };
  },

  render: (notification, config) => {
    const { contentType, body } = bodyOf(notification, config);
    return { contentType, body };
  },
};

interface Body extends Rendered {
  /** Why the template could not be used. */
  readonly problem?: string;
}

/** An address that can't be rendered has nothing to fall back to. */
function addressOf(notification: Notification, { url, go_templates }: WebhookConfig): string {
  const source = go_templates?.url;
  if (source === undefined) {
    if (url !== undefined) return url;
    throw new Fault('SB_CONFIG', 'give `url` or `go_templates.url`', { field: 'config.url' });
  }
  const field = 'config.go_templates.url';
  const composed = composeGo(notification, go_templates?.definitions ?? [], (go) => go.text(source, field));
  if (!composed.ok) throw new Fault('SB_REJECTED', `the address can’t be rendered: ${composed.problem}`);
  const address = URL.parse(composed.value.trim());
  if (address?.protocol === 'https:' || address?.protocol === 'http:') return address.href;
  throw new Fault('SB_REJECTED', 'the address that was rendered is not one of http or https', { field });
}

function bodyOf(notification: Notification, config: WebhookConfig): Body {
  if (config.format === 'template') return templateBody(notification, config);
  if (config.format === 'cloudevents') return cloudEvent(notification);
  if (config.go_templates?.payload !== undefined) return payloadBody(notification, config);
  return defaultBody(notification, config);
}

function defaultBody(notification: Notification, config: WebhookConfig): Rendered {
  return {
    contentType: 'application/json',
    body: alertmanagerMessage(notification, config.max_alerts),
  };
}

/** Alertmanager's `payload`; falls back like a template. */
function payloadBody(notification: Notification, config: WebhookConfig): Body {
  const { payload, definitions = [] } = config.go_templates ?? {};
  const composed = composeGo(notification, definitions, (go) =>
    JSON.stringify(go.structure(payload, 'config.go_templates.payload')),
  );
  if (!composed.ok) return { ...defaultBody(notification, config), problem: composed.problem };
  return { contentType: 'application/json', body: `${composed.value}\n` };
}

/** Structured mode; the id is the notification's, so that a repeat is the same event. */
function cloudEvent(notification: Notification): Rendered {
  const event = {
    specversion: '1.0',
    id: notification.id,
    source: notification.externalURL || '/signalbox',
    type: 'signalbox.notification.v1',
    subject: notification.groupKey,
    time: notification.createdAt,
    datacontenttype: 'application/json',
    data: notification,
  };
  return { contentType: 'application/cloudevents+json; charset=utf-8', body: JSON.stringify(event) };
}

/** Falls back to Alertmanager's body, because a notification must not be lost to its wording. */
function templateBody(notification: Notification, config: WebhookConfig): Body {
  if (config.template === undefined) {
    throw new Fault('SB_CONFIG', '`format: template` needs `template`', { field: 'config.template' });
  }
  const rendering = compileTemplate(config.template, { field: 'config.template' }).render(notification);
  if (!rendering.ok) return { ...defaultBody(notification, config), problem: rendering.problem };
  if (isJsonType(config.content_type) && !isJson(rendering.text)) {
    return {
      ...defaultBody(notification, config),
      problem: 'it did not yield JSON; write values with `| json`',
    };
  }
  return { contentType: config.content_type, body: rendering.text };
}

function isJsonType(contentType: string): boolean {
  return /^application\/(.+\+)?json\b/i.test(contentType);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function secretsOf(config: WebhookConfig): readonly string[] {
  if (config.signing_secret === undefined) return [];
  return [config.signing_secret, ...(config.old_signing_secrets ?? [])];
}

function authorization(config: WebhookConfig): Readonly<Record<string, string>> {
  if (config.bearer_token !== undefined) return { authorization: `Bearer ${config.bearer_token}` };
  if (config.username === undefined || config.password === undefined) return {};
  const credentials = Buffer.from(`${config.username}:${config.password}`).toString('base64');
  return { authorization: `Basic ${credentials}` };
}
