import type { Event } from '@signalbox/sdk';
import type { Alert } from '../model/alert.ts';
import { fingerprintOf } from '../model/fingerprint.ts';
import { groupKeyOf } from '../model/group-key.ts';
import type { Made } from '../model/prepared.ts';
import type { IntegrationSettings, RouteSettings } from '../model/settings.ts';
import {
  presentFacts,
  presentSuppression,
  type FactsView,
  type SuppressionView,
} from '../api/views/present-facts.ts';
import { fold } from '../pipeline/fold.ts';
import { gather } from '../pipeline/gather.ts';
import { filtersOf } from '../pipeline/prepare-filters.ts';
import { compilePreparation, prepareEarly, prepareLate } from '../pipeline/prepare.ts';
import { routeAlert } from '../pipeline/route-alert.ts';
import { routeByKey } from '../pipeline/route-by-key.ts';
import { didYouMean } from '../settings/suggest.ts';
import { parsePayload, type PayloadInput } from './parse-payload.ts';
import { RehearsalError } from './rehearsal-error.ts';

export interface Simulation {
  readonly integration: string;
  readonly events: readonly Event[];
  readonly alerts: readonly SimulatedAlert[];
}

/** What one event does, on a hub that knows of nothing yet. */
export interface SimulatedAlert {
  readonly fingerprint: string;
  readonly status: Alert['status'];
  readonly severity: string;
  readonly priority: Alert['priority'];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** `fired`, or `resolved_before_it_fired` for one that a hub does not know of. */
  readonly outcome: string;
  readonly facts?: FactsView;
  /** Why nobody would be told. */
  readonly hold?: SuppressionView;
  /** What rules and other stages did to it, and why. */
  readonly decisions: readonly Made[];
  readonly routes: readonly SimulatedRoute[];
}

export interface SimulatedRoute {
  readonly route: string;
  readonly group_key: string;
  readonly receiver: string;
  readonly tells: readonly {
    readonly integration: string;
    readonly resolved: boolean;
    readonly fallback: readonly string[];
  }[];
  /** When the group first tells, from the receipt of the signal on; absent for a resolved alert, which makes no group. */
  readonly first_told_after_ms?: number;
  readonly group_interval_ms: number;
  readonly repeat_interval_ms: number;
}

/**
 * What a payload becomes, by the same code that a running hub uses, with nothing written and nobody told (BR-WH-019). The same payload,
 * configuration and `now` give the same answer.
 */
export async function simulate(input: PayloadInput): Promise<Simulation> {
  const { settings, integration: id } = input;
  const integration = Object.hasOwn(settings.integrations, id) ? settings.integrations[id] : undefined;
  if (!integration) throw new RehearsalError('invalid', unknownText(id, Object.keys(settings.integrations)));
  const events = await parsePayload(input, integration);
  const alerts = events.map((event) => simulateEvent(event, input, integration));
  return { integration: id, events, alerts };
}

function simulateEvent(
  event: Event,
  { settings, connectors, now }: PayloadInput,
  integration: IntegrationSettings,
): SimulatedAlert {
  const { tenant, id } = integration;
  const fingerprint = fingerprintOf(event.data, id);
  const saidAt = event.time === undefined ? undefined : Date.parse(event.time);
  const said = { tenant, fingerprint, integration: id, data: event.data };
  const preparation = compilePreparation(settings, filtersOf(settings, connectors.connectors));
  const prepared = preparation && prepareLate(preparation, prepareEarly(preparation, said, now), now);
  const { alert, outcome } = fold(
    undefined,
    {
      ...said,
      ...(prepared ? { prepared } : {}),
      ...(saidAt === undefined ? {} : { saidAt }),
      partition: 0,
      signal: 'simulated',
      signalHash: '',
    },
    now,
  );
  const { status, severity, priority, labels, annotations, facts, hold } = alert;
  const routes = routeAlert(alert, settings.route).map((wake): SimulatedRoute => {
    const route: RouteSettings = routeByKey(settings.route, wake.routeKey)!;
    const group = gather(undefined, wake, route, now);
    return {
      route: route.key,
      group_key: groupKeyOf(wake.routeKey, wake.labels),
      receiver: route.receiver,
      tells: (settings.receivers[route.receiver] ?? []).map((entry) => ({
        integration: entry.integration,
        resolved: entry.sendResolved,
        fallback: settings.integrations[entry.integration]?.delivery.fallback ?? [],
      })),
      ...(group ? { first_told_after_ms: group.flushAt - now } : {}),
      group_interval_ms: route.groupIntervalMs,
      repeat_interval_ms: route.repeatIntervalMs,
    };
  });
  return {
    fingerprint,
    status,
    severity,
    priority,
    labels,
    annotations,
    outcome,
    ...(facts ? { facts: presentFacts(facts) } : {}),
    ...(hold ? { hold: presentSuppression(hold) } : {}),
    decisions: prepared?.decisions ?? [],
    routes,
  };
}

function unknownText(id: string, known: readonly string[]): string {
  const hint = didYouMean(id, known) ?? `there are: ${known.join(', ') || 'none'}`;
  return `the configuration has no integration ${id} (${hint})`;
}
