import { Fault, isFault, type FaultCode, type HttpClient, type HttpResponse } from '@signalbox/sdk';
import type { Access } from './access.ts';

/** How Slack names a message. */
export interface MessageId {
  readonly channel: string;
  readonly ts: string;
}

/** The error strings by what has to happen next. https://docs.slack.dev/reference/methods/chat.postMessage#errors */
const CODES: Readonly<Record<string, FaultCode>> = {
  ...withCode('SB_AUTH', [
    'invalid_auth',
    'not_authed',
    'account_inactive',
    'token_revoked',
    'token_expired',
    'not_allowed_token_type',
    'missing_scope',
    'no_permission',
    'access_denied',
    'ekm_access_denied',
    'org_login_required',
    'team_access_not_granted',
    'two_factor_setup_required',
    'enterprise_is_restricted',
    // Incoming webhooks: the hook was removed or its app switched off.
    'invalid_token',
    'no_service',
    'no_service_id',
    'no_active_hooks',
    'no_team',
    'team_disabled',
  ]),
  ...withCode('SB_CONFIG', [
    'channel_not_found',
    'not_in_channel',
    'is_archived',
    'channel_is_archived',
    'restricted_action',
    'restricted_action_read_only_channel',
    'restricted_action_thread_only_channel',
    'posting_to_general_channel_denied',
    'action_prohibited',
    'user_not_found',
    'messages_tab_disabled',
  ]),
  ...withCode('SB_RATE_LIMITED', ['ratelimited', 'rate_limited', 'message_limit_exceeded']),
  ...withCode('SB_UNAVAILABLE', [
    'internal_error',
    'fatal_error',
    'service_unavailable',
    'request_timeout',
    'team_added_to_org',
    'rollup_error',
  ]),
};

function withCode(code: FaultCode, errors: readonly string[]): Readonly<Record<string, FaultCode>> {
  return Object.fromEntries(errors.map((error) => [error, code]));
}

const HINTS: Readonly<Record<string, string>> = {
  missing_scope: 'add the scope chat:write to the app and install it again',
  not_in_channel: 'invite the app to the channel, or add the scope chat:write.public',
  channel_not_found: 'check the channel, and invite the app to it when it is private',
  is_archived: 'the channel is archived',
  channel_is_archived: 'the channel is archived',
};

/** The error string of a refusal, so that `message_not_found` can be told from the others; empty for other faults. */
export function errorOf(fault: unknown): string {
  const cause = isFault(fault) ? fault.cause : undefined;
  return typeof cause === 'object' && cause !== null && 'slackError' in cause ? String(cause.slackError) : '';
}

/**
 * Calls one method of the Web API. Slack answers 200 with `ok: false` for what it refuses.
 *
 * @throws Fault by the answer's error string, with that string as `cause.slackError`
 */
export async function callApi(
  http: HttpClient,
  access: Access,
  method: 'chat.postMessage' | 'chat.update' | 'auth.test',
  body: object,
): Promise<Readonly<Record<string, unknown>>> {
  const response = await http.request({
    method: 'POST',
    url: `${access.apiUrl.replace(/\/+$/, '')}/${method}`,
    headers: {
      authorization: `Bearer ${access.token}`,
      'content-type': 'application/json; charset=utf-8',
    },
    body: JSON.stringify(body),
  });
  const answer = Object(response.json()) as Record<string, unknown>;
  if (answer['ok'] === true) return answer;
  if (typeof answer['error'] !== 'string') {
    throw new Fault('SB_UNAVAILABLE', `Slack answered ${method} with something that is not its answer`);
  }
  throw refusal(method, answer['error'], response);
}

/**
 * Posts to an incoming webhook, which answers `ok` or an error string in plain text.
 * https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors
 */
export async function postWebhook(http: HttpClient, url: string, body: object): Promise<string> {
  const response = await http.request({ method: 'POST', url, body, accept: [400, 403, 404, 410] });
  if (response.status >= 200 && response.status < 300) return response.text;
  throw refusal('the incoming webhook', response.text.trim(), response);
}

function refusal(where: string, answered: string, response: HttpResponse): Fault {
  const isKnownShape = /^[a-z_]{2,60}$/.test(answered);
  const error = isKnownShape ? answered : `HTTP ${response.status}`;
  const code = CODES[error] ?? (response.status === 403 ? 'SB_AUTH' : 'SB_REJECTED');
  const hint = HINTS[error];
  const retryAfter = Number(response.headers['retry-after']);
  return new Fault(code, `Slack refused ${where}: ${error}${hint === undefined ? '' : `; ${hint}`}`, {
    status: response.status,
    cause: { slackError: error },
    ...(code === 'SB_CONFIG' ? { field: 'config.channel' } : {}),
    ...(code === 'SB_RATE_LIMITED' ? { retryAfterMs: retryAfter > 0 ? retryAfter * 1_000 : 30_000 } : {}),
  });
}
