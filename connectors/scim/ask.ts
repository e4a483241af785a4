import { Fault, type Context } from '@signalbox/sdk';
import type { ScimConfig } from './config.ts';

/** A page of 1,000 users with all their attributes stays below it. */
const ANSWER_BYTES = 16 * 1024 * 1024;

export type Endpoint = 'Users' | 'Groups';

/** One page of a list (RFC 7644 §3.4.2); `startIndex` counts from 1. */
export async function askPage(
  { http, config }: Context<ScimConfig>,
  endpoint: Endpoint,
  startIndex: number,
  count: number,
): Promise<unknown> {
  if ((config.username === undefined) !== (config.password === undefined))
    throw new Fault('SB_CONFIG', '`username` and `password` belong together', { field: 'config.password' });
  const answer = await http.request({
    method: 'GET',
    url: `${config.base_url.replace(/\/$/, '')}/${endpoint}`,
    query: { startIndex: String(startIndex), count: String(count) },
    headers: { accept: 'application/scim+json, application/json', ...authorization(config) },
    answerBytes: ANSWER_BYTES,
  });
  return answer.json();
}

function authorization({ bearer_token, username, password }: ScimConfig): Readonly<Record<string, string>> {
  if (bearer_token !== undefined) return { authorization: `Bearer ${bearer_token}` };
  if (username === undefined || password === undefined) return {};
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}
