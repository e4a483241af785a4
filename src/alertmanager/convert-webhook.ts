import { formatDuration } from '../settings/quantity.ts';
import type { ReceiverConfig } from './config.ts';
import { convertHttp } from './convert-http.ts';
import { file, refuse, secret, withGiven, type DraftedIntegration, type Drafting } from './drafting.ts';
import { parseGoDuration } from './go-duration.ts';
import { GO_TEMPLATE_ACTION } from './has-template.ts';
import type { NativeValue } from './native-document.ts';

/** `webhook_configs` → the connector `webhook`, which posts the same body. */
export function convertWebhook(entry: ReceiverConfig, drafting: Drafting): DraftedIntegration | undefined {
  const { settings, path } = entry;
  const written = settings['url'];
  const isTemplate = typeof written === 'string' && GO_TEMPLATE_ACTION.test(written);
  if (written === '<secret>' || written === 'http://<secret>')
    return refuse(drafting, [...path, 'url'], 'the address was taken out of this file');
  const http = convertHttp(entry, drafting);
  const { address, username, password } = isTemplate
    ? {}
    : splitAddress(written, settings['url_file'], drafting);
  const payload = settings['payload'];
  return {
    integration: withGiven({
      connector: 'webhook',
      config: withGiven({
        url: address,
        max_alerts: (settings['max_alerts'] as number | undefined) || undefined,
        username: http.basic?.username ?? username,
        password: http.basic?.password ?? password,
        bearer_token: http.bearer,
        headers: Object.keys(http.headers).length > 0 ? http.headers : undefined,
      }),
      timeout: timeoutOf(settings['timeout']),
      http: http.http,
    }),
    templates: { ...(isTemplate ? { url: written } : {}), ...(payload === undefined ? {} : { payload }) },
    dropped: [],
  };
}

/** Credentials of an address stand in settings of their own, where they are kept secret. */
function splitAddress(
  written: unknown,
  path: unknown,
  drafting: Drafting,
): { address?: NativeValue; username?: NativeValue; password?: NativeValue } {
  if (typeof written !== 'string' || written === '') return { address: file(drafting, String(path)) };
  const url = new URL(written);
  if (url.username === '' && url.password === '') return { address: secret(drafting, 'url', written) };
  const [username, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  url.username = '';
  url.password = '';
  return {
    address: secret(drafting, 'url', url.href),
    username,
    password: secret(drafting, 'password', password),
  };
}

/** Undefined for none, which is the hub's own. */
export function timeoutOf(written: unknown): string | undefined {
  const milliseconds = typeof written === 'string' ? (parseGoDuration(written) ?? 0) : 0;
  return milliseconds >= 1 ? formatDuration(milliseconds) : undefined;
}
