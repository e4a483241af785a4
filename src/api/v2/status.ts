import { stringify } from 'yaml';
import { ALERTMANAGER_VERSION } from '../../alertmanager/drop-in/version.ts';
import { maskSecrets } from '../../alertmanager/mask-secrets.ts';
import { formatMatcher } from '../../model/create-matcher.ts';
import type { RouteSettings, Settings } from '../../model/settings.ts';
import type { Services } from '../services.ts';

/**
 * Who answers. A node that has no peers lists itself, because clients take a cluster without peers for one that is broken.
 */
export function describeStatus({
  settings,
  alertmanager,
  version,
  startedAt,
}: Pick<Services, 'settings' | 'alertmanager' | 'version' | 'startedAt'>) {
  const { server } = settings();
  const name = server.nodeId ?? `${server.listen.host}:${server.listen.port}`;
  const own = { name, address: `${server.listen.host}:${server.listen.port}` };
  const others = (alertmanager?.peers ?? []).map((address) => ({ name: address, address }));
  return {
    cluster: { name, peers: [own, ...others], status: 'ready' },
    config: {
      original: alertmanager ? maskSecrets(alertmanager.original()) : describeRoutes(settings()),
    },
    uptime: new Date(startedAt).toISOString(),
    versionInfo: {
      branch: 'signalbox',
      buildDate: '',
      buildUser: 'signalbox',
      goVersion: `node ${process.version}`,
      revision: version,
      version: alertmanager?.version ?? ALERTMANAGER_VERSION,
    },
  };
}

/** A configuration of the hub as far as Alertmanager's file can say it: routes and names of receivers. */
function describeRoutes({ route, receivers, inhibitRules }: Settings): string {
  return stringify({
    route: describeRoute(route),
    receivers: Object.keys(receivers).map((name) => ({ name })),
    ...(inhibitRules.length === 0
      ? {}
      : {
          inhibit_rules: inhibitRules.map(({ sourceMatchers, targetMatchers, equal }) => ({
            source_matchers: sourceMatchers.map(formatMatcher),
            target_matchers: targetMatchers.map(formatMatcher),
            equal: [...equal],
          })),
        }),
  });
}

function describeRoute(route: RouteSettings): object {
  return {
    receiver: route.receiver,
    ...(route.groupBy.length === 0
      ? {}
      : { group_by: route.groupBy === '...' ? ['...'] : [...route.groupBy] }),
    ...(route.matchers.length === 0 ? {} : { matchers: route.matchers.map(formatMatcher) }),
    // Without `when`, which no client of Alertmanager would know.
    ...(route.continue ? { continue: true } : {}),
    group_wait: goDuration(route.groupWaitMs),
    group_interval: goDuration(route.groupIntervalMs),
    repeat_interval: goDuration(route.repeatIntervalMs),
    ...(route.routes.length === 0 ? {} : { routes: route.routes.map(describeRoute) }),
  };
}

function goDuration(durationMs: number): string {
  return durationMs % 1000 === 0 ? `${durationMs / 1000}s` : `${durationMs}ms`;
}
