import type { Alert } from '../model/alert.ts';
import { groupIdOf, groupKeyOf } from '../model/group-key.ts';
import type { Wake } from '../model/group.ts';
import { groupLabels } from '../model/route.ts';
import type { RouteSettings } from '../model/settings.ts';
import { findRoutes, type RouteTrouble } from '../rules/find-routes.ts';

/** The groups that an alert belongs to: one for each route that takes it. `troubles` gets expressions that failed on it. */
export function routeAlert(alert: Alert, root: RouteSettings, troubles?: RouteTrouble[]): readonly Wake[] {
  return findRoutes(alert, root, troubles).map((route) => {
    const labels = groupLabels(route, alert.labels);
    return {
      groupId: groupIdOf(alert.tenant, groupKeyOf(route.key, labels)),
      tenant: alert.tenant,
      routeKey: route.key,
      labels,
      fingerprint: alert.fingerprint,
      status: alert.status,
      startsAt: alert.startsAt,
    };
  });
}
