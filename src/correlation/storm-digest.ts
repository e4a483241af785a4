import type { AlertData } from '@signalbox/sdk';
import { OWN_INTEGRATION } from '../model/own-integration.ts';
import type { StormCount } from './storm.ts';

const TOP = 5;

/** What the hub says in place of the many: one alert of its own with how many there are and of what. */
export function stormDigest(count: StormCount, fires: boolean): AlertData {
  const { tenant, labels, total, names } = count;
  const where = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  const top = Object.entries(names)
    .toSorted(([left, many], [right, more]) => more - many || (left < right ? -1 : 1))
    .slice(0, TOP)
    .map(([name, many]) => `${name} (${many})`);
  return {
    status: fires ? 'firing' : 'resolved',
    labels: {
      ...labels,
      alertname: 'AlertStorm',
      severity: 'warning',
      storm_tenant: tenant,
      source: OWN_INTEGRATION,
    },
    annotations: {
      summary: `${total} new alerts${where.length === 0 ? '' : ` with ${where.join(', ')}`}: ${top.join(', ')}`,
      description:
        'There are so many new alerts that they are held and counted here. Those that are critical in production are told by themselves; the others are told when the storm is over, if they still fire.',
    },
  };
}
