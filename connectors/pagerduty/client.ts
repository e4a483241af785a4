import { Fault, type HttpClient } from '@signalbox/sdk';
import type { PagerdutyConfig } from './config.ts';

/**
 * Sends one event. A 400 says in words what is wrong; of these only a refused key is a matter of credentials.
 * https://developer.pagerduty.com/docs/events-api-v2/overview/
 *
 * @returns the status that PagerDuty gave, for people
 */
export async function enqueue(http: HttpClient, config: PagerdutyConfig, event: object): Promise<string> {
  const answer = await http.request({
    method: 'POST',
    url: config.url,
    body: { routing_key: config.routing_key, ...event },
    accept: [400],
  });
  if (answer.status !== 400) return `${answer.status} ${readStatus(answer.text)}`.trim();
  const reasons = readReasons(answer.text);
  if (/routing.?key/i.test(reasons)) {
    throw new Fault('SB_AUTH', 'PagerDuty does not know the routing key', {
      status: 400,
      field: 'config.routing_key',
    });
  }
  throw new Fault('SB_REJECTED', `PagerDuty refused the event (400)${reasons === '' ? '' : `: ${reasons}`}`, {
    status: 400,
  });
}

const MAX_REASON_CHARACTERS = 300;

function readReasons(text: string): string {
  const { message, errors } = readFields(text);
  const reasons = [message, ...(Array.isArray(errors) ? (errors as readonly unknown[]) : [])];
  return reasons
    .filter((reason) => typeof reason === 'string')
    .join('; ')
    .slice(0, MAX_REASON_CHARACTERS);
}

function readStatus(text: string): string {
  const { status } = readFields(text);
  return status === 'success' ? 'Accepted' : '';
}

function readFields(text: string): Readonly<Record<string, unknown>> {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}
