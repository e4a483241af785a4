import type { AlertmanagerSettings } from './config.ts';
import { isGiven, sectionOf } from './settings.ts';

/** Alertmanager's own defaults of `global`. */
export const GLOBAL_DEFAULTS = {
  resolve_timeout: '5m',
  smtp_hello: 'localhost',
  smtp_require_tls: true,
  pagerduty_url: 'https://events.pagerduty.com/v2/enqueue',
  opsgenie_api_url: 'https://api.opsgenie.com/',
  wechat_api_url: 'https://qyapi.weixin.qq.com/cgi-bin/',
  victorops_api_url: 'https://alert.victorops.com/integrations/generic/20131114/alert/',
  telegram_api_url: 'https://api.telegram.org',
  webex_api_url: 'https://webexapis.com/v1/messages',
  rocketchat_api_url: 'https://open.rocket.chat/',
  slack_app_url: 'https://slack.com/api/chat.postMessage',
} as const;

/** Settings that one entry takes from `global` by itself, by kind: its own key, and the key there. */
const SINGLE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  email: {
    tls_config: 'smtp_tls_config',
    smarthost: 'smtp_smarthost',
    from: 'smtp_from',
    hello: 'smtp_hello',
    auth_username: 'smtp_auth_username',
    auth_secret: 'smtp_auth_secret',
    auth_secret_file: 'smtp_auth_secret_file',
    auth_identity: 'smtp_auth_identity',
    require_tls: 'smtp_require_tls',
    force_implicit_tls: 'smtp_force_implicit_tls',
  },
  slack: { app_url: 'slack_app_url' },
  pagerduty: { url: 'pagerduty_url' },
  opsgenie: {
    api_url: 'opsgenie_api_url',
    api_key: 'opsgenie_api_key',
    api_key_file: 'opsgenie_api_key_file',
  },
  wechat: { api_url: 'wechat_api_url', corp_id: 'wechat_api_corp_id' },
  victorops: {
    api_url: 'victorops_api_url',
    api_key: 'victorops_api_key',
    api_key_file: 'victorops_api_key_file',
  },
  telegram: { api_url: 'telegram_api_url' },
  webex: { api_url: 'webex_api_url' },
  jira: { api_url: 'jira_api_url' },
  rocketchat: {
    api_url: 'rocketchat_api_url',
    token: 'rocketchat_token',
    token_file: 'rocketchat_token_file',
    token_id: 'rocketchat_token_id',
    token_id_file: 'rocketchat_token_id_file',
  },
};

/** A secret and the file that may hold it go together: an entry with either takes neither from `global`. */
const PAIRS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  email: { auth_password: 'smtp_auth_password' },
  wechat: { api_secret: 'wechat_api_secret' },
  telegram: { bot_token: 'telegram_bot_token' },
  mattermost: { webhook_url: 'mattermost_webhook_url' },
};

/** What an entry has to have in the end, each one of several. */
const NEEDED: Readonly<Record<string, readonly (readonly string[])[]>> = {
  email: [['smarthost'], ['from']],
  slack: [['api_url', 'api_url_file', 'app_token', 'app_token_file']],
  opsgenie: [['api_key', 'api_key_file']],
  wechat: [['api_secret', 'api_secret_file'], ['corp_id']],
  victorops: [['api_key', 'api_key_file']],
  telegram: [['bot_token', 'bot_token_file']],
  jira: [['api_url']],
  rocketchat: [
    ['token_id', 'token_id_file'],
    ['token', 'token_file'],
  ],
  mattermost: [['webhook_url', 'webhook_url_file']],
};

/** Fills in what an entry takes from `global`, or says what neither has. */
export function inheritGlobal(
  kind: string,
  own: AlertmanagerSettings,
  global: AlertmanagerSettings,
): { readonly settings: AlertmanagerSettings; readonly problem?: string } {
  let settings: AlertmanagerSettings = { ...own };
  const take = (key: string, from: string): void => {
    if (global[from] !== undefined) settings = { ...settings, [key]: global[from] };
  };
  for (const [key, from] of Object.entries(SINGLE[kind] ?? {})) {
    if (!isGiven(settings, key) && settings[key] !== false) take(key, from);
  }
  for (const [key, from] of Object.entries(PAIRS[kind] ?? {})) {
    if (isGiven(settings, key) || isGiven(settings, `${key}_file`)) continue;
    take(key, from);
    take(`${key}_file`, `${from}_file`);
  }
  if (kind === 'slack') settings = { ...settings, ...slackAccess(own, global) };
  if (kind !== 'email' && settings['http_config'] === undefined) take('http_config', 'http_config');
  if (kind === 'msteamsv2') settings = { ...settings, ...inheritedProxy(own, global) };
  const missing = (NEEDED[kind] ?? []).find((keys) => !keys.some((key) => isGiven(settings, key)));
  const conflict =
    kind === 'slack' && hasToken(settings) && sectionOf(own, 'http_config')['authorization'] !== undefined
      ? 'expected either an app_token or http_config.authorization'
      : undefined;
  const problem =
    conflict ??
    (missing === undefined
      ? undefined
      : `expected ${missing.join(' or ')}, here or in global, and there is none`);
  return { settings, ...(problem === undefined ? {} : { problem }) };
}

/** An entry with an address or an authorization of its own is no bot of `global`. */
function slackAccess(own: AlertmanagerSettings, global: AlertmanagerSettings): AlertmanagerSettings {
  const isOwn =
    hasToken(own) || isGiven(own, 'api_url') || sectionOf(own, 'http_config')['authorization'] !== undefined;
  const token = isOwn
    ? {}
    : { app_token: global['slack_app_token'], app_token_file: global['slack_app_token_file'] };
  const address =
    isGiven(own, 'api_url') || isGiven(own, 'api_url_file')
      ? {}
      : { api_url: global['slack_api_url'], api_url_file: global['slack_api_url_file'] };
  return Object.fromEntries(
    Object.entries({ ...token, ...address }).filter(([, value]) => value !== undefined),
  );
}

function hasToken(settings: AlertmanagerSettings): boolean {
  return isGiven(settings, 'app_token') || isGiven(settings, 'app_token_file');
}

/** Alone among the kinds it takes the proxy even when it has HTTP settings of its own. */
function inheritedProxy(own: AlertmanagerSettings, global: AlertmanagerSettings): AlertmanagerSettings {
  const http = sectionOf(own, 'http_config');
  const proxy = sectionOf(global, 'http_config')['proxy_url'];
  if (own['http_config'] === undefined || http['proxy_url'] !== undefined || proxy === undefined) return {};
  return { http_config: { ...http, proxy_url: proxy } };
}
