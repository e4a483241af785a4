import { isFault, shorten, type Context, type Enricher } from '@signalbox/sdk';
import type { PrometheusConfig } from './config.ts';
import { keyOf, queriesFor, type Query } from './queries.ts';
import { readAnswer, type Series } from './read-answer.ts';

const POINTS = 30;
const SECONDS_PER: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

export const enricher: Enricher<PrometheusConfig> = {
  cacheKey: (alert, config) => keyOf(queriesFor(alert, config)),

  /** All queries side by side; what some of them say counts although others failed, and those are named. */
  async enrich(alert, context) {
    const queries = queriesFor(alert, context.config);
    const answers = await Promise.allSettled(queries.map((query) => ask(query, context)));
    const found: Record<string, unknown> = {};
    const missing: Record<string, string> = {};
    answers.forEach((answer, index) => {
      const { name } = queries[index]!;
      if (answer.status === 'fulfilled') {
        if (answer.value.length > 0) found[name] = answer.value;
      } else if (!isFault(answer.reason)) throw answer.reason;
      else missing[name] = shorten(answer.reason.message, 200);
    });
    const failed = answers.find((answer) => answer.status === 'rejected');
    if (failed && Object.keys(missing).length === queries.length) throw failed.reason;
    return failed ? { ...found, missing } : found;
  },
};

async function ask(query: Query, context: Context<PrometheusConfig>): Promise<readonly Series[]> {
  const { config, http, now } = context;
  const url = `${config.url.replace(/\/$/, '')}/api/v1/${query.range === undefined ? 'query' : 'query_range'}`;
  const answer = await http.request({
    method: 'GET',
    url,
    headers: headersOf(config),
    query: { query: query.text, ...rangeOf(query.range, now()), limit: String(config.max_series) },
  });
  return readAnswer(answer.json(), config.max_series);
}

/** Unix times in whole seconds, as the API takes them; nothing for an instant query, which is about now. */
function rangeOf(range: string | undefined, now: Date): Readonly<Record<string, string>> {
  if (range === undefined) return {};
  const seconds = Number(range.slice(0, -1)) * SECONDS_PER[range.at(-1)!]!;
  const end = Math.floor(now.getTime() / 1_000);
  const step = Math.max(1, Math.ceil(seconds / (POINTS - 1)));
  // Counted back from now, so that the last point is the newest.
  const start = end - step * Math.floor(seconds / step);
  return { start: String(start), end: String(end), step: String(step) };
}

export function headersOf(config: PrometheusConfig): Readonly<Record<string, string>> {
  return {
    ...(config.tenant === undefined ? {} : { 'x-scope-orgid': config.tenant }),
    ...authorization(config),
  };
}

function authorization(config: PrometheusConfig): Readonly<Record<string, string>> {
  if (config.bearer_token !== undefined) return { authorization: `Bearer ${config.bearer_token}` };
  if (config.username === undefined || config.password === undefined) return {};
  const credentials = Buffer.from(`${config.username}:${config.password}`).toString('base64');
  return { authorization: `Basic ${credentials}` };
}
