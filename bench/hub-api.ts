import { formatMatcher } from '../src/model/create-matcher.ts';
import type { Silence } from '../src/model/silence.ts';
import { openConnection } from './connection.ts';
import { getRequest } from './statement.ts';

/** What the API tells about an alert, as far as it is checked. */
export interface AlertFacts {
  readonly status: 'firing' | 'resolved';
  readonly version: number;
}

interface AlertPage {
  readonly items: readonly {
    readonly status: 'firing' | 'resolved';
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  }[];
  readonly next?: string;
}

const PAGE = 500;
/** Short, because waits are part of what is measured. */
const POLL_MS = 10;
const SILENCES_AT_ONCE = 16;

/** Every alert that the hub knows, by key, read page by page. */
export async function readAlerts(url: string): Promise<Map<string, AlertFacts>> {
  const alerts = new Map<string, AlertFacts>();
  let cursor = '';
  for (;;) {
    const page = await readJson<AlertPage>(`${url}/api/v1/alerts?limit=${PAGE}${cursor}`);
    for (const { status, labels, annotations } of page.items) {
      alerts.set(labels['instance'] ?? '', { status, version: Number(annotations['version']) });
    }
    if (page.next === undefined) return alerts;
    cursor = `&cursor=${encodeURIComponent(page.next)}`;
  }
}

/** Waits until what became of this signal is known. The journal is folded in order: whatever was acknowledged before it is folded as well. */
export async function awaitProcessed(url: string, receipt: string, limitMs = 300_000): Promise<void> {
  const startedAt = performance.now();
  while ((await readJson<{ status: string }>(`${url}/api/v1/receipts/${receipt}`)).status === 'accepted') {
    if (performance.now() - startedAt > limitMs)
      throw new Error(`${receipt} was not processed within ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Waits until no delivery waits or is under way. Returns false when that takes longer than the limit. */
export async function awaitNothingPending(url: string, limitMs: number): Promise<boolean> {
  const startedAt = performance.now();
  for (;;) {
    const open = await readJson<{ items: readonly unknown[] }>(
      `${url}/api/v1/deliveries?status=pending&status=sending&limit=1`,
    );
    if (open.items.length === 0) return true;
    if (performance.now() - startedAt > limitMs) return false;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** The sum of a metric over all its labels, or over those that contain a text (`outcome="cached"`); 0 when nothing was counted yet. */
export async function readMetric(url: string, name: string, label = ''): Promise<number> {
  return (await readSamples(url, name))
    .filter(({ labels }) => labels.includes(label))
    .reduce((sum, { value }) => sum + value, 0);
}

/** The bound of a histogram under which all that it saw lies; 0 when it saw nothing. */
export async function readHighest(url: string, name: string): Promise<number> {
  const buckets = await readSamples(url, `${name}_bucket`);
  const all = Math.max(0, ...buckets.map(({ value }) => value));
  const bounds = buckets
    .filter(({ value }) => value === all && all > 0)
    .map(({ labels }) => Number(/le="([^"]*)"/.exec(labels)![1]!.replace('+Inf', 'Infinity')));
  return bounds.length === 0 ? 0 : Math.min(...bounds);
}

async function readSamples(url: string, name: string): Promise<readonly { labels: string; value: number }[]> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const lines = text.matchAll(new RegExp(`^${name}(\\{[^}]*\\})? (\\S+)$`, 'gm'));
  return Array.from(lines, ([, labels = '', value]) => ({ labels, value: Number(value) }));
}

/** Asks for many receipts over a few connections. Returns those that the hub does not know as processed, with what it said. */
export async function findUnprocessed(
  port: number,
  receipts: readonly string[],
  connections: number,
): Promise<string[]> {
  const missing: string[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const connection = await openConnection(port);
      while (next < receipts.length) {
        const receipt = receipts[next++]!;
        const { status, body } = await connection.send(getRequest(port, `/api/v1/receipts/${receipt}`));
        if (status !== 200 || (JSON.parse(body) as { status: string }).status !== 'processed') {
          missing.push(`${receipt}: ${status} ${body.slice(0, 200)}`);
        }
      }
      connection.close();
    }),
  );
  return missing;
}

/** Makes a silence for a day of each list of matchers, some at a time. */
export async function postSilences(url: string, all: readonly Silence['matchers'][]): Promise<void> {
  const endsAt = new Date(Date.now() + 86_400_000).toISOString();
  let next = 0;
  await Promise.all(
    Array.from({ length: SILENCES_AT_ONCE }, async () => {
      while (next < all.length) {
        const matchers = all[next++]!.map(formatMatcher);
        const rest = { ends_at: endsAt, created_by: 'bench', comment: 'holds nothing', confirm: true };
        const response = await fetch(`${url}/api/v1/silences`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ matchers, ...rest }),
        });
        const text = await response.text();
        if (!response.ok) throw new Error(`a silence was refused with ${response.status}: ${text}`);
      }
    }),
  );
}

async function readJson<T>(url: string): Promise<T> {
  const response = await fetch(url);
  if (!response.ok)
    throw new Error(`${url} answered ${response.status}: ${(await response.text()).slice(0, 200)}`);
  return (await response.json()) as T;
}
