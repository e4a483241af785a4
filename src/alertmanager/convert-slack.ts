import type { AlertmanagerSettings, ReceiverConfig } from './config.ts';
import { convertHttp } from './convert-http.ts';
import { timeoutOf } from './convert-webhook.ts';
import { refuse, secretOrFile, withGiven, type DraftedIntegration, type Drafting } from './drafting.ts';
import { GO_TEMPLATE_ACTION } from './has-template.ts';
import type { NativeMap } from './native-document.ts';
import { textOf } from './settings.ts';

const POST = '/chat.postMessage';
const SLACK_API = 'https://slack.com/api';

/** What a message of Alertmanager is made of, with the templates that stand for what was left out. */
const TEMPLATES: AlertmanagerSettings = {
  color: '{{ template "slack.default.color" . }}',
  username: '{{ template "slack.default.username" . }}',
  title: '{{ template "slack.default.title" . }}',
  title_link: '{{ template "slack.default.titlelink" . }}',
  icon_emoji: '{{ template "slack.default.iconemoji" . }}',
  icon_url: '{{ template "slack.default.iconurl" . }}',
  pretext: '{{ template "slack.default.pretext" . }}',
  text: '{{ template "slack.default.text" . }}',
  fallback: '{{ template "slack.default.fallback" . }}',
  callback_id: '{{ template "slack.default.callbackid" . }}',
  footer: '{{ template "slack.default.footer" . }}',
};
const MORE = [
  'message_text',
  'fields',
  'short_fields',
  'image_url',
  'thumb_url',
  'link_names',
  'mrkdwn_in',
  'actions',
];

/** `slack_configs` → the connector `slack`, by incoming webhook or by the token of a bot. */
export function convertSlack(entry: ReceiverConfig, drafting: Drafting): DraftedIntegration | undefined {
  const { settings, path } = entry;
  const { http, bearer, basic, headers } = convertHttp(entry, drafting);
  const token = secretOrFile(drafting, settings, 'app_token') ?? bearer;
  const isBot = token !== undefined && isApi(addressOf(settings));
  const access = isBot ? botAccess(entry, drafting) : webhookAccess(entry, drafting);
  if (access === undefined) return undefined;
  if (basic !== undefined || Object.keys(headers).length > 0 || (!isBot && bearer !== undefined)) {
    return refuse(drafting, [...path, 'http_config'], 'the connector slack sends no headers of your own');
  }
  const given = Object.fromEntries(
    [...Object.keys(TEMPLATES), ...MORE]
      .filter((key) => settings[key] !== undefined)
      .map((key) => [key, settings[key]]),
  );
  return {
    integration: withGiven({
      connector: 'slack',
      config: { ...access, ...(isBot ? { token } : {}) },
      timeout: timeoutOf(settings['timeout']),
      http,
    }),
    templates: { ...TEMPLATES, ...given, ...channelTemplate(settings, isBot) },
    dropped: [],
  };
}

function addressOf(settings: AlertmanagerSettings): string {
  return textOf(settings, 'api_url') || textOf(settings, 'app_url');
}

function isApi(address: string): boolean {
  return address.endsWith(POST);
}

function botAccess({ settings, path }: ReceiverConfig, drafting: Drafting): NativeMap | undefined {
  const channel = textOf(settings, 'channel');
  if (channel === '') return refuse(drafting, path, 'a bot needs a "channel"');
  const address = addressOf(settings).slice(0, -POST.length);
  return {
    ...(GO_TEMPLATE_ACTION.test(channel) ? {} : { channel }),
    mode: settings['update_message'] === true ? 'update' : 'new',
    ...(address === SLACK_API ? {} : { api_url: address }),
  };
}

/** A channel that depends on the alerts; of an incoming webhook also a fixed one, which old webhooks follow. */
function channelTemplate(settings: AlertmanagerSettings, isBot: boolean): AlertmanagerSettings {
  const channel = textOf(settings, 'channel');
  return channel === '' || (isBot && !GO_TEMPLATE_ACTION.test(channel)) ? {} : { channel };
}

function webhookAccess({ settings, path }: ReceiverConfig, drafting: Drafting): NativeMap | undefined {
  const address = secretOrFile(drafting, settings, 'api_url');
  if (address === undefined) return refuse(drafting, path, 'a token needs the address of an API of Slack');
  if (address.from === 'secret' && address.value === '<secret>') {
    return refuse(drafting, [...path, 'api_url'], 'the address was taken out of this file');
  }
  return { webhook_url: address };
}
