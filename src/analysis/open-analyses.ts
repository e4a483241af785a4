import { createRedactor, secretValues, type Logger } from '@signalbox/sdk';
import type { EnrichmentClock } from '../enrichment/look-up.ts';
import type { Integration } from '../host/integration.ts';
import type { Settings } from '../model/settings.ts';
import { createAnalysisQueue, type AnalysisQueue, type Answered } from './analysis-queue.ts';
import type { AnalysisMetrics } from './metrics.ts';
import { takeAssessment, takeScore } from './take-answer.ts';

export interface AnalysesParts {
  readonly settings: Pick<Settings, 'analysis'>;
  readonly integrations: ReadonlyMap<string, Integration>;
  readonly onAnswer: (answered: Answered) => void;
  readonly clock: EnrichmentClock;
  readonly log: Logger;
  readonly metrics: AnalysisMetrics;
}

const DEFAULT_CONCURRENCY = 2;

/** The analyst and the scorer of one configuration; either may be missing. A reload opens them anew, and what was waiting is offered again (`offer-anew.ts`). */
export function openAnalyses(parts: AnalysesParts): AnalysisQueue {
  const { settings, integrations } = parts;
  const { analyst, scorer } = settings.analysis;
  const queues: AnalysisQueue[] = [];
  // Secrets are known by their fields; labels and annotations may quote any of them.
  const redact = createRedactor(
    [...integrations.values()].flatMap(({ connector, settings: { config } }) =>
      secretValues(connector.config, config),
    ),
  );
  const integrationOf = (id: string): Integration => {
    const integration = integrations.get(id);
    // The configuration was checked against the same integrations.
    if (!integration) throw new Error(`there is no integration ${id} to analyse with`);
    return integration;
  };
  if (analyst) {
    const integration = integrationOf(analyst.integration);
    const concurrency = integration.connector.analyst?.limits?.concurrency ?? DEFAULT_CONCURRENCY;
    const ask = integration.analyse;
    const own = { role: 'analyst', task: analyst, ask, take: takeAssessment } as const;
    queues.push(createAnalysisQueue({ ...parts, ...own, concurrency, redact }));
  }
  if (scorer) {
    const integration = integrationOf(scorer.integration);
    const concurrency = integration.connector.scorer?.limits?.concurrency ?? DEFAULT_CONCURRENCY;
    const own = { role: 'scorer', task: scorer, ask: integration.score, take: takeScore } as const;
    queues.push(createAnalysisQueue({ ...parts, ...own, concurrency, redact }));
  }
  return {
    offer: (alerts) => queues.forEach((queue) => queue.offer(alerts)),
    close: () => queues.forEach((queue) => queue.close()),
  };
}
