import type { Logger } from '@signalbox/sdk';
import type { Integration } from '../host/integration.ts';
import type { Settings } from '../model/settings.ts';
import type { Store } from '../store/port.ts';
import { askAll, type Asking } from './ask-all.ts';
import { createEnrichment } from './enrichment.ts';
import { createHistory } from './history.ts';
import type { EnrichmentClock, KnownAnswers, LookUp, Subject } from './look-up.ts';
import type { EnrichmentMetrics } from './metrics.ts';
import { definitionOf } from './question.ts';
import { createSlots, type Slots } from './slots.ts';

/** All enrichments of one configuration. */
export interface Enrichments {
  /** Whether there is nothing to ask, ever. */
  readonly isEmpty: boolean;
  /** @see askAll */
  ask(subjects: readonly Subject[], known?: KnownAnswers): Asking;
}

export interface EnrichmentsParts {
  readonly settings: Pick<Settings, 'enrichment' | 'enrichmentBudgetMs' | 'integrations' | 'route'>;
  readonly integrations: ReadonlyMap<string, Integration>;
  readonly store: Pick<Store, 'deliveriesAbout'>;
  readonly clock: EnrichmentClock;
  readonly log: Logger;
  readonly metrics: EnrichmentMetrics;
}

const DEFAULT_CONCURRENCY = 8;

/** Begins with empty caches; a reload opens them anew, because answers may depend on settings. */
export function openEnrichments(parts: EnrichmentsParts): Enrichments {
  const { settings, integrations, store, clock, log, metrics } = parts;
  const slots = new Map<string, Slots>();
  const slotsOf = (name: string, limit: number): Slots => {
    const known = slots.get(name) ?? createSlots(limit);
    slots.set(name, known);
    return known;
  };
  const connectorOf = (id: string) => integrations.get(id)?.connector;
  const enrichments = settings.enrichment.map((own) => {
    const definition = definitionOf(own, settings.integrations, connectorOf);
    if (own.source.kind === 'history') {
      const lookUp = createHistory(store, settings.route);
      return createEnrichment({
        settings: own,
        definition,
        lookUp,
        slots: createSlots(DEFAULT_CONCURRENCY),
        clock,
        log,
        metrics,
      });
    }
    const { integration: id } = own.source;
    const integration = integrations.get(id);
    const limit = integration?.connector.enricher?.limits?.concurrency ?? DEFAULT_CONCURRENCY;
    const lookUp = lookUpOf(id, integration);
    return createEnrichment({
      settings: own,
      definition,
      lookUp,
      slots: slotsOf(id, limit),
      clock,
      log,
      metrics,
    });
  });
  return {
    isEmpty: enrichments.length === 0,
    ask(subjects, known) {
      // Whoever asks again about a batch has waited for it already.
      const budgetMs = known ? 0 : settings.enrichmentBudgetMs;
      return askAll(subjects, { enrichments, budgetMs, clock, metrics, known });
    },
  };
}

function lookUpOf(id: string, integration: Integration | undefined): LookUp {
  // The configuration was checked against the same integrations.
  if (!integration) throw new Error(`there is no integration ${id} to enrich with`);
  return {
    cacheKey: ({ alert }) => integration.cacheKey(alert),
    recordKey: ({ alert }) => integration.recordKey(alert),
    enrich: ({ alert }, signal) => integration.enrich(alert, signal),
  };
}
