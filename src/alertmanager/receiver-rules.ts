import { GO_TEMPLATE_ACTION } from './has-template.ts';
import type { AlertmanagerSettings } from './config.ts';
import { isGiven, sectionOf, sectionsOf, textOf } from './settings.ts';

/** What is wrong with one entry of a receiver, and under which key; undefined when nothing is. */
export type Rule = (
  settings: AlertmanagerSettings,
) => { readonly key?: string; readonly message: string } | undefined;

export function atMostOne(...keys: readonly string[]): Rule {
  return (settings) => {
    const given = keys.filter((key) => isGiven(settings, key));
    return given.length > 1
      ? { key: given[1]!, message: `expected at most one of ${joinKeys(keys)}` }
      : undefined;
  };
}

function needsOne(...keys: readonly string[]): Rule {
  return (settings) =>
    keys.some((key) => isGiven(settings, key))
      ? undefined
      : {
          message:
            keys.length === 1 ? `the key "${keys[0]}" is missing` : `expected one of ${joinKeys(keys)}`,
        };
}

function joinKeys(keys: readonly string[]): string {
  return keys.join(', ');
}

/** The rules that need nothing of `global`, by kind. */
export const RECEIVER_RULES: Readonly<Record<string, readonly Rule[]>> = {
  discord: [needsOne('webhook_url', 'webhook_url_file'), atMostOne('webhook_url', 'webhook_url_file')],
  email: [needsOne('to'), checkHeaders, checkThreading],
  incidentio: [
    needsOne('url', 'url_file'),
    atMostOne('url', 'url_file'),
    atMostOne('alert_source_token', 'alert_source_token_file'),
    checkIncidentToken,
  ],
  pagerduty: [
    needsOne('service_key', 'routing_key', 'service_key_file', 'routing_key_file'),
    atMostOne('routing_key', 'routing_key_file'),
    atMostOne('service_key', 'service_key_file'),
  ],
  slack: [
    atMostOne('api_url', 'api_url_file'),
    atMostOne('app_token', 'app_token_file'),
    checkSlackAccess,
    checkSlackUpdate,
    checkSlackFields,
    checkSlackActions,
  ],
  webhook: [needsOne('url', 'url_file'), atMostOne('url', 'url_file')],
  opsgenie: [atMostOne('api_key', 'api_key_file'), checkResponders],
  wechat: [atMostOne('api_secret', 'api_secret_file')],
  pushover: [
    needsOne('user_key', 'user_key_file'),
    atMostOne('user_key', 'user_key_file'),
    needsOne('token', 'token_file'),
    atMostOne('token', 'token_file'),
    checkPushoverForm,
  ],
  victorops: [needsOne('routing_key'), atMostOne('api_key', 'api_key_file'), checkCustomFields],
  sns: [checkTopic],
  telegram: [
    atMostOne('bot_token', 'bot_token_file'),
    needsOne('chat_id', 'chat_id_file'),
    atMostOne('chat_id', 'chat_id_file'),
  ],
  webex: [needsOne('room_id'), checkWebexAuthorization],
  msteams: [needsOne('webhook_url', 'webhook_url_file'), atMostOne('webhook_url', 'webhook_url_file')],
  msteamsv2: [needsOne('webhook_url', 'webhook_url_file'), atMostOne('webhook_url', 'webhook_url_file')],
  jira: [needsOne('project'), needsOne('issue_type')],
  rocketchat: [atMostOne('token', 'token_file'), atMostOne('token_id', 'token_id_file')],
  mattermost: [atMostOne('webhook_url', 'webhook_url_file'), checkMattermostFields],
};

function checkHeaders(settings: AlertmanagerSettings): ReturnType<Rule> {
  const names = Object.keys(sectionOf(settings, 'headers')).map((name) => name.toLowerCase());
  const isTwice = names.some((name, index) => names.indexOf(name) !== index);
  return isTwice
    ? { key: 'headers', message: 'a header stands here twice; upper and lower case do not matter' }
    : undefined;
}

function checkThreading(settings: AlertmanagerSettings): ReturnType<Rule> {
  const threading = sectionOf(settings, 'threading');
  if (threading['enabled'] !== true) return undefined;
  const names = Object.keys(sectionOf(settings, 'headers')).map((name) => name.toLowerCase());
  if (names.some((name) => ['references', 'in-reply-to'].includes(name))) {
    return { key: 'headers', message: 'threading sets References and In-Reply-To by itself' };
  }
  return ['none', 'daily'].includes(textOf(threading, 'thread_by_date'))
    ? undefined
    : { key: 'threading', message: 'expected thread_by_date to be none or daily' };
}

function checkIncidentToken(settings: AlertmanagerSettings): ReturnType<Rule> {
  if (settings['http_config'] === undefined) return undefined;
  const hasToken = isGiven(settings, 'alert_source_token') || isGiven(settings, 'alert_source_token_file');
  const hasAuthorization = authorizes(settings);
  if (hasToken === hasAuthorization) {
    return { key: 'http_config', message: 'expected either alert_source_token or http_config.authorization' };
  }
  return undefined;
}

const SLACK_POST = 'https://slack.com/api/chat.postMessage';

function checkSlackAccess(settings: AlertmanagerSettings): ReturnType<Rule> {
  const hasUrl = isGiven(settings, 'api_url') || isGiven(settings, 'api_url_file');
  const hasToken = isGiven(settings, 'app_token') || isGiven(settings, 'app_token_file');
  return hasUrl && hasToken ? { message: 'expected either an api_url or an app_token' } : undefined;
}

function checkSlackUpdate(settings: AlertmanagerSettings): ReturnType<Rule> {
  if (settings['update_message'] !== true || settings['api_url'] === SLACK_POST) return undefined;
  return { key: 'update_message', message: `only a bot can update messages: api_url must be ${SLACK_POST}` };
}

function checkSlackFields(settings: AlertmanagerSettings): ReturnType<Rule> {
  return sectionsOf(settings, 'fields').some((field) => !field['title'] || !field['value'])
    ? { key: 'fields', message: 'a field needs a title and a value' }
    : undefined;
}

function checkMattermostFields(settings: AlertmanagerSettings): ReturnType<Rule> {
  const attachments = [settings, ...sectionsOf(settings, 'attachments')];
  return attachments.map(checkSlackFields).find((problem) => problem !== undefined);
}

function checkSlackActions(settings: AlertmanagerSettings): ReturnType<Rule> {
  for (const action of sectionsOf(settings, 'actions')) {
    if (!action['type'] || !action['text'] || !(action['url'] || action['name'])) {
      return { key: 'actions', message: 'an action needs a type, a text, and a url or a name' };
    }
    if (action['confirm'] !== undefined && !sectionOf(action, 'confirm')['text']) {
      return { key: 'actions', message: 'a confirmation needs a text' };
    }
  }
  return undefined;
}

const RESPONDER_TYPE = /^(?:team|teams|user|escalation|schedule)$/i;

function checkResponders(settings: AlertmanagerSettings): ReturnType<Rule> {
  for (const responder of sectionsOf(settings, 'responders')) {
    if (!responder['id'] && !responder['name'] && !responder['username']) {
      return { key: 'responders', message: 'a responder needs an id, a name or a username' };
    }
    const type = textOf(responder, 'type');
    if (!GO_TEMPLATE_ACTION.test(type) && !RESPONDER_TYPE.test(type)) {
      return { key: 'responders', message: 'expected a type: team, teams, user, escalation or schedule' };
    }
  }
  return undefined;
}

function checkPushoverForm(settings: AlertmanagerSettings): ReturnType<Rule> {
  return settings['html'] === true && settings['monospace'] === true
    ? { key: 'monospace', message: 'expected at most one of html, monospace' }
    : undefined;
}

const VICTOROPS_FIELDS = [
  'routing_key',
  'message_type',
  'state_message',
  'entity_display_name',
  'monitoring_tool',
  'entity_id',
  'entity_state',
];

function checkCustomFields(settings: AlertmanagerSettings): ReturnType<Rule> {
  const taken = VICTOROPS_FIELDS.find((name) => Object.hasOwn(sectionOf(settings, 'custom_fields'), name));
  return taken === undefined
    ? undefined
    : { key: 'custom_fields', message: `"${taken}" is a field of VictorOps itself` };
}

/** One of the three; all three at once pass in Alertmanager, too. */
function checkTopic(settings: AlertmanagerSettings): ReturnType<Rule> {
  const count = ['target_arn', 'topic_arn', 'phone_number'].filter((key) => isGiven(settings, key)).length;
  if (count % 2 === 0) return { message: 'expected one of target_arn, topic_arn, phone_number' };
  return undefined;
}

function checkWebexAuthorization(settings: AlertmanagerSettings): ReturnType<Rule> {
  return authorizes(settings) ? undefined : { message: 'webex needs http_config.authorization' };
}

/** `bearer_token` is the older form of `authorization`. */
function authorizes(settings: AlertmanagerSettings): boolean {
  const http = sectionOf(settings, 'http_config');
  return (
    http['authorization'] !== undefined || isGiven(http, 'bearer_token') || isGiven(http, 'bearer_token_file')
  );
}
