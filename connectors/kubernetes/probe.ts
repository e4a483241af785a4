import { Fault, isFault, type Context } from '@signalbox/sdk';
import { createClusterApi } from './cluster-api.ts';
import { scopesOf } from './cluster-memory.ts';
import type { KubernetesConfig } from './config.ts';
import { createCredentials } from './credentials.ts';
import { KINDS } from './kinds.ts';

/** Lists one object of each kind, so that a missing right shows by name. */
export async function probe({ config, http, now, signal }: Context<KubernetesConfig>): Promise<void> {
  const credentials = createCredentials(config, { env: process.env, now: () => now().getTime() });
  const api = createClusterApi(http, credentials, signal);
  const refused: string[] = [];
  for (const { kind, namespace } of scopesOf(config)) {
    try {
      const fieldSelector =
        kind === 'Namespace' && namespace !== '' ? { fieldSelector: `metadata.name=${namespace}` } : {};
      await api.list(KINDS[kind], { namespace, limit: 1, ...fieldSelector });
    } catch (error) {
      if (!isFault(error) || error.status !== 403) throw error;
      refused.push(namespace === '' ? KINDS[kind].plural : `${KINDS[kind].plural} in ${namespace}`);
    }
  }
  if (refused.length === 0) return;
  throw new Fault('SB_AUTH', `The account may not list ${refused.join(', ')} (403); grant it by rbac.yaml`, {
    status: 403,
  });
}
