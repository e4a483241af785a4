import { hearNamespace } from '../classification/hear-namespace.ts';
import { applyNamespaceEvent } from '../classification/lifecycle.ts';
import {
  namespaceKey,
  namespaceScopeId,
  type NamespaceEntry,
  type NamespaceNews,
  type NamespaceRecord,
} from '../model/namespace.ts';
import { scopeOf } from '../model/scope.ts';
import type { NamespaceNewsRow } from '../store/port.ts';
import { environmentBy } from './classify-namespace.ts';
import { BATCH, type StepContext } from './step.ts';

/**
 * Takes what was heard of namespaces into the record of their lives (BR-AP-029). Folds of any partition, connectors and people leave news;
 * the one owner of a cluster's scope compares them with what is known, in the order in which they were committed. Namespaces, entries and the news
 * that are done change in one commit, so no entry is missing and none is there twice. Returns whether there may be more.
 */
export async function namespaceStep(context: StepContext): Promise<boolean> {
  const { store, ownership } = context;
  const rows = await store.namespaceNews(BATCH, ownership.scopes());
  if (rows.length === 0) return false;
  const known = await load(context, rows);
  const environmentOf = environmentBy(context.settings().classification);
  const changed = new Map<string, NamespaceRecord>();
  const entries: NamespaceEntry[] = [];
  for (const row of rows.flatMap((each) => eachOf(each, known))) {
    const key = namespaceKey(row);
    for (const event of hearNamespace(row, known.get(key), environmentOf)) {
      const { record, entry } = applyNamespaceEvent(known.get(key), event);
      entries.push(entry);
      if (!record) continue;
      known.set(key, record);
      changed.set(key, record);
    }
  }
  const scopes = new Set(rows.map((row) => scopeOf(namespaceScopeId(row))));
  await store.commit({
    namespaces: [...changed.values()],
    namespaceEntries: entries,
    namespaceNewsDone: rows.map(({ id }) => id),
    fences: ownership.fences({ scopes: [...scopes] }),
  });
  context.metrics.batches.inc({ step: 'namespaces' });
  return rows.length === BATCH;
}

type NewsOfOne = Exclude<NamespaceNews, { readonly kind: 'listed' }>;

async function load(
  { store }: StepContext,
  rows: readonly NamespaceNewsRow[],
): Promise<Map<string, NamespaceRecord>> {
  const ones = rows.flatMap((row) => (row.kind === 'listed' ? [] : [row]));
  const keys = [...new Map(ones.map((row) => [namespaceKey(row), row])).values()];
  const lists = rows.filter(({ kind }) => kind === 'listed');
  const clusters = [...new Map(lists.map((row) => [namespaceScopeId(row), row])).values()];
  const found = await Promise.all([
    store.namespaces(keys),
    ...clusters.map(({ tenant, cluster }) => store.activeNamespaces(tenant, cluster)),
  ]);
  return new Map(found.flat().map((record) => [namespaceKey(record), record]));
}

/** A complete list ends those that a cluster told of and that are not in it. What only alerts told of may be another cluster's by the same name. */
function eachOf(row: NamespaceNews, known: ReadonlyMap<string, NamespaceRecord>): readonly NewsOfOne[] {
  if (row.kind !== 'listed') return [row];
  const { tenant, cluster, at, by } = row;
  const there = new Set(row.namespaces);
  return [...known.values()]
    .filter((record) => record.tenant === tenant && record.cluster === cluster)
    .filter(({ state, labels, namespace }) => state === 'active' && labels && !there.has(namespace))
    .map(({ namespace }) => ({ tenant, cluster, namespace, at, by, kind: 'deleted' }));
}
