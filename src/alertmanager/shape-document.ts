import type { Fields, Shape } from './shape.ts';
import {
  bool,
  duration,
  httpConfig,
  listOf,
  secret,
  secretUrl,
  section,
  text,
  textMap,
  texts,
  TLS_CONFIG,
  url,
} from './shape-http.ts';
import { RECEIVER_KINDS } from './shape-receiver.ts';

const GLOBAL: Fields = {
  resolve_timeout: duration,
  http_config: httpConfig,
  jira_api_url: url,
  smtp_from: text,
  smtp_hello: text,
  smtp_smarthost: { kind: 'address' },
  smtp_auth_username: text,
  smtp_auth_password: secret,
  smtp_auth_password_file: text,
  smtp_auth_secret: secret,
  smtp_auth_secret_file: text,
  smtp_auth_identity: text,
  smtp_require_tls: bool,
  smtp_tls_config: section(TLS_CONFIG),
  smtp_force_implicit_tls: bool,
  slack_api_url: secretUrl,
  slack_api_url_file: text,
  slack_app_token: secret,
  slack_app_token_file: text,
  slack_app_url: url,
  pagerduty_url: url,
  opsgenie_api_url: url,
  opsgenie_api_key: secret,
  opsgenie_api_key_file: text,
  wechat_api_url: url,
  wechat_api_secret: secret,
  wechat_api_secret_file: text,
  wechat_api_corp_id: text,
  victorops_api_url: url,
  victorops_api_key: secret,
  victorops_api_key_file: text,
  telegram_api_url: url,
  telegram_bot_token: secret,
  telegram_bot_token_file: text,
  webex_api_url: url,
  rocketchat_api_url: url,
  rocketchat_token: secret,
  rocketchat_token_file: text,
  rocketchat_token_id: secret,
  rocketchat_token_id_file: text,
  mattermost_webhook_url: secretUrl,
  mattermost_webhook_url_file: text,
};

const patternMap: Shape = { kind: 'map', of: { kind: 'pattern' } };

/** A getter, because a route holds routes. */
const ROUTE: Fields = {
  receiver: text,
  group_by: texts,
  match: textMap,
  match_re: patternMap,
  matchers: texts,
  mute_time_intervals: texts,
  active_time_intervals: texts,
  continue: bool,
  group_wait: duration,
  group_interval: duration,
  repeat_interval: duration,
  labels: textMap,
  get routes(): Shape {
    return listOf(ROUTE);
  },
};

const TIME_INTERVALS = listOf({
  name: text,
  time_intervals: listOf({
    times: listOf({ start_time: text, end_time: text }),
    weekdays: texts,
    days_of_month: texts,
    months: texts,
    years: texts,
    location: text,
  }),
});

const RECEIVER: Fields = {
  name: text,
  labels: textMap,
  ...Object.fromEntries(Object.entries(RECEIVER_KINDS).map(([kind, fields]) => [kind, listOf(fields)])),
};

/** The whole file. https://prometheus.io/docs/alerting/latest/configuration/ */
export const DOCUMENT: Shape = section({
  global: section(GLOBAL),
  route: section(ROUTE),
  inhibit_rules: listOf({
    name: text,
    source_match: textMap,
    source_match_re: patternMap,
    source_matchers: texts,
    target_match: textMap,
    target_match_re: patternMap,
    target_matchers: texts,
    equal: texts,
  }),
  receivers: listOf(RECEIVER),
  templates: texts,
  mute_time_intervals: TIME_INTERVALS,
  time_intervals: TIME_INTERVALS,
  // Read for its form only: the hub has its own.
  tracing: { kind: 'any' },
  event_recorder: { kind: 'any' },
});
