import { OWN_INTEGRATION } from '../model/own-integration.ts';
import { sourcesOf } from '../suppression/sources.ts';
import type { StepContext } from './step.ts';

const PAGE = 500;
/** Where the store keeps which rules its sources were written under. */
const INHIBITION_KEY = 'inhibition';

/**
 * Under other inhibition rules other alerts are sources, so all that fire are looked at once. Safe to be cut off: what the rules were is
 * written last. Nodes that do the same at a time write the same.
 */
export async function alignInhibitors({
  store,
  settings,
  now,
}: Pick<StepContext, 'store' | 'settings' | 'now'>): Promise<void> {
  const sources = sourcesOf(settings());
  const before = await store.connectorState(OWN_INTEGRATION, INHIBITION_KEY, now());
  if ((before ?? '') === sources.signature) return;
  let after = { tenant: '', fingerprint: '' };
  for (;;) {
    const page = await store.firingAfter(after, PAGE);
    if (page.length === 0) break;
    const inhibitors = page.map(({ tenant, fingerprint, labels }) => ({
      tenant,
      fingerprint,
      keys: sources.keysOf(labels),
    }));
    await store.commit({ inhibitors });
    const { tenant, fingerprint } = page.at(-1)!;
    after = { tenant, fingerprint };
  }
  await store.commit({
    connectorState: [
      {
        integration: OWN_INTEGRATION,
        key: INHIBITION_KEY,
        value: sources.signature,
        expiresAt: Number.MAX_SAFE_INTEGER,
      },
    ],
  });
}
