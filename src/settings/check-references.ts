import type { Connector } from '@signalbox/sdk';
import type { Settings } from '../model/settings.ts';
import type { Report } from './report.ts';
import { deliveryFields, endpointFields } from './schema-integration.ts';
import type { Written } from './schema.ts';
import { didYouMean } from './suggest.ts';
import { isMap, valueAt, type PathPart } from './tree.ts';

/** What an integration is, as far as it is known: the connector may be misspelt or not loaded. */
export type Kinds = ReadonlyMap<string, Connector | undefined>;

/** Every integration that is named somewhere exists and can deliver. Returns those that are named. */
export function checkReferences(written: Written, kinds: Kinds, report: Report): ReadonlySet<string> {
  const used = new Set<string>();
  const check = (id: string, path: readonly PathPart[]): void => {
    used.add(id);
    if (!kinds.has(id)) {
      const message = `there is no integration ${report.quote(path, id)}`;
      report.error(path, { code: 'missing_reference', message, hint: didYouMean(id, [...kinds.keys()]) });
    } else if (kinds.get(id) && !kinds.get(id)!.notifier) {
      const message = `the integration ${report.quote(path, id)} can’t deliver: its connector only receives`;
      report.error(path, {
        code: 'no_notifier',
        message,
        hint: 'name an integration whose connector is a notifier',
      });
    }
  };
  for (const [receiver, entries] of Object.entries(written.receivers)) {
    entries.forEach((entry, index) =>
      check(entry.integration, ['receivers', receiver, index, 'integration']),
    );
  }
  for (const [id, integration] of Object.entries(written.integrations)) {
    const path = ['integrations', id, 'fallback'];
    if (typeof integration.fallback === 'string') check(integration.fallback, path);
    else integration.fallback?.forEach((fallback, index) => check(fallback, [...path, index]));
  }
  if (written.watchdog.last_resort !== undefined)
    check(written.watchdog.last_resort, ['watchdog', 'last_resort']);
  // Whether these exist and can enrich, filter, analyse or run workflows is looked at where they are resolved.
  for (const { filter } of written.rules) if (filter !== undefined) used.add(filter);
  for (const { integration } of written.enrichment) if (integration !== undefined) used.add(integration);
  if (written.directory?.integration !== undefined) used.add(written.directory.integration);
  for (const { integration } of written.workflows) used.add(integration);
  for (const task of [written.analysis.analyst, written.analysis.scorer])
    if (task) used.add(task.integration);
  checkCycles(written, report);
  return used;
}

/** A chain of fallbacks that comes back to where it began would never end in a dead letter. */
function checkCycles(written: Written, report: Report): void {
  const next = (id: string): readonly string[] => [written.integrations[id]?.fallback ?? []].flat();
  const settled = new Set<string>();
  const walk = (id: string, trail: readonly string[]): void => {
    if (trail.includes(id)) {
      const cycle = [...trail.slice(trail.indexOf(id)), id].join(' → ');
      report.error(['integrations', id, 'fallback'], {
        code: 'fallback_cycle',
        message: `these fallbacks go in a circle: ${cycle}`,
      });
      return;
    }
    if (settled.has(id)) return;
    for (const fallback of next(id)) walk(fallback, [...trail, id]);
    settled.add(id);
  };
  for (const id of Object.keys(written.integrations)) walk(id, []);
}

/** What delivers in the place of another. */
const STAND_INS: ReadonlySet<string> = new Set(['fallback', 'fallback_after']);

/** Settings of the receiving side on a connector that only delivers, and the other way round. */
export function checkCapabilities(kinds: Kinds, report: Report): void {
  for (const [id, connector] of kinds) {
    const raw = valueAt(report.tree.value, `/integrations/${id}`);
    if (!connector || !isMap(raw)) continue;
    for (const key of Object.keys(raw)) {
      const path = ['integrations', id, key];
      if (!connector.source && Object.hasOwn(endpointFields, key)) {
        const message = `"${key}" belongs to sources, and the connector ${connector.id} does not receive`;
        report.error(path, { code: 'no_source', message }, 'key');
      }
      if (!connector.notifier && connector.workflow && STAND_INS.has(key)) {
        const message = `no other integration stands in for the workflow engine ${id}`;
        const hint = 'approvals.intervene asks a person about what could not be started';
        report.error(path, { code: 'no_notifier', message, hint }, 'key');
      }
      if (!connector.notifier && !connector.workflow && Object.hasOwn(deliveryFields, key)) {
        const message = `"${key}" belongs to notifiers, and the connector ${connector.id} does not deliver`;
        const hint = ['rate', 'timeout'].includes(key)
          ? `for requests to this endpoint there is limits.${key}`
          : undefined;
        report.error(path, { code: 'no_notifier', message, hint }, 'key');
      }
    }
  }
}

/** The one receiver that is meant to tell nobody, for alerts such as Prometheus' Watchdog. */
const SILENT_RECEIVER = 'nobody';

/** What is there and has no effect. */
export function warnUnused(
  written: Written,
  settings: Settings,
  kinds: Kinds,
  used: ReadonlySet<string>,
  report: Report,
): void {
  const told = new Set<string>();
  const visit = (route: Settings['route']): void => {
    told.add(route.receiver);
    route.routes.forEach(visit);
  };
  visit(settings.route);
  for (const [receiver, entries] of Object.entries(written.receivers)) {
    const path = ['receivers', receiver];
    if (entries.length === 0 && receiver !== SILENT_RECEIVER)
      report.warn(
        path,
        {
          code: 'empty_receiver',
          message: 'this receiver tells nobody',
          hint: `call it "${SILENT_RECEIVER}" if it shall not`,
        },
        'key',
      );
    if (!told.has(receiver))
      report.warn(path, { code: 'unused_receiver', message: 'no route leads to this receiver' }, 'key');
  }
  for (const id of Object.keys(written.integrations)) {
    const connector = kinds.get(id);
    if (!connector || connector.source || used.has(id)) continue;
    report.warn(
      ['integrations', id],
      { code: 'unused_integration', message: 'nothing uses this integration' },
      'key',
    );
  }
}
