import { hearNamespace } from '../classification/hear-namespace.ts';
import type { Alert } from '../model/alert.ts';
import { namespaceKey, type NamespaceNews } from '../model/namespace.ts';
import type { Settings } from '../model/settings.ts';
import type { Store } from '../store/port.ts';
import { environmentBy, namespaceOf } from './classify-namespace.ts';

export type ClassifiedNews = Extract<NamespaceNews, { readonly kind: 'classified' }>;

/** Notes what an alert says of its namespace, when it says it for the first time or something else than before. Pure but for `heard`. */
export function noteNamespace(
  heard: Map<string, ClassifiedNews>,
  before: Alert | undefined,
  alert: Alert,
  { classification }: Settings,
  now: number,
): void {
  const environment = alert.facts?.environment;
  if (!classification || environment === undefined || alert.status !== 'firing') return;
  const key = namespaceOf(classification, alert);
  if (!key) return;
  const known = before?.facts?.environment === environment ? namespaceOf(classification, before) : undefined;
  if (known?.namespace === key.namespace && known.cluster === key.cluster) return;
  heard.set(namespaceKey(key), { ...key, kind: 'classified', environment, at: now, by: alert.integration });
}

/** Only what is not known yet: new alerts mostly come from where alerts came from before, and reading is cheaper than writing. */
export async function unknownNews(
  store: Pick<Store, 'namespaces'>,
  heard: ReadonlyMap<string, ClassifiedNews>,
  { classification }: Settings,
): Promise<readonly NamespaceNews[]> {
  if (heard.size === 0) return [];
  const news = [...heard.values()];
  const known = new Map((await store.namespaces(news)).map((record) => [namespaceKey(record), record]));
  const environmentOf = environmentBy(classification);
  return news.filter((one) => hearNamespace(one, known.get(namespaceKey(one)), environmentOf).length > 0);
}
