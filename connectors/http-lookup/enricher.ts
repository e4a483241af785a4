import {
  compileAlertTemplate,
  compileExpression,
  createMemory,
  Fault,
  isMissingField,
  type AlertSnapshot,
  type AlertTemplate,
  type Enricher,
  type Expression,
} from '@signalbox/sdk';
import type { HttpLookupConfig } from './config.ts';

interface Compiled {
  readonly url: AlertTemplate;
  /** Absent: the whole answer. */
  readonly pick?: readonly (readonly [name: string, expression: Expression])[];
}

const compiled = createMemory((config: HttpLookupConfig): Compiled => {
  const url = compileAlertTemplate(config.url, { field: 'config.url', escape: encodeURIComponent });
  if (!config.pick) return { url };
  const variables = ['body'];
  const pick = Object.entries(config.pick).map(
    ([name, source]) => [name, compileExpression(source, { variables })] as const,
  );
  return { url, pick };
});

/** Longer addresses are refused by many servers. */
const MAX_URL_CHARACTERS = 1_000;
/** A label `..` must not lead to another path; escaping leaves dots as they are. */
const DOT_SEGMENT = /\/(?:\.|%2e){1,2}(?:[/?#]|$)/i;

export const enricher: Enricher<HttpLookupConfig> = {
  cacheKey(alert, config) {
    const url = compiled.of(config).url.render(alert);
    return url !== undefined && url.length <= MAX_URL_CHARACTERS && !DOT_SEGMENT.test(url) ? url : undefined;
  },

  async enrich(alert, { config, http }) {
    const answer = await http.request({
      method: 'GET',
      url: addressOf(alert, config),
      headers: { accept: 'application/json', ...config.headers, ...authorization(config) },
      accept: config.unknown_statuses,
    });
    if (config.unknown_statuses.includes(answer.status)) return {};
    return take(answer.json(), compiled.of(config));
  },
};

function addressOf(alert: AlertSnapshot, config: HttpLookupConfig): string {
  const url = enricher.cacheKey(alert, config);
  if (url === undefined) throw new Fault('SB_REJECTED', 'the alert does not fit the address');
  return url;
}

function take(body: unknown, { pick }: Compiled): Readonly<Record<string, unknown>> {
  if (!pick) {
    if (typeof body !== 'object' || body === null || Array.isArray(body)) {
      throw new Fault('SB_UNAVAILABLE', 'the answer is no JSON object; say by `pick` what to take of it');
    }
    return body as Readonly<Record<string, unknown>>;
  }
  return Object.fromEntries(
    pick
      .map(([name, expression]) => [name, valueOf(expression, body)] as const)
      .filter(([, value]) => value !== undefined && value !== null),
  );
}

function valueOf(expression: Expression, body: unknown): unknown {
  try {
    return expression.evaluate({ body });
  } catch (error) {
    if (isMissingField(error)) return undefined;
    throw error;
  }
}

function authorization(config: HttpLookupConfig): Readonly<Record<string, string>> {
  if (config.bearer_token !== undefined) return { authorization: `Bearer ${config.bearer_token}` };
  if (config.username === undefined || config.password === undefined) return {};
  const credentials = Buffer.from(`${config.username}:${config.password}`).toString('base64');
  return { authorization: `Basic ${credentials}` };
}
