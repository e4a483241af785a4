import type { Connector } from '@signalbox/sdk';
import { assemble } from '../enrichment/ask-all.ts';
import type { Answer, LookUp, Subject } from '../enrichment/look-up.ts';
import type { Enrichments } from '../enrichment/open-enrichments.ts';
import { createQuestion, definitionOf, historyKey, type Question } from '../enrichment/question.ts';
import { questionDigest } from '../enrichment/record-answers.ts';
import type { Position } from '../model/position.ts';
import type { EnrichmentSettings, Settings } from '../model/settings.ts';
import type { FactsBook } from './facts-book.ts';
import type { KnownThen } from './recorded-answers.ts';

export interface RecordedParts {
  /** The candidate. */
  readonly settings: Settings;
  readonly connectors: ReadonlyMap<string, Connector>;
  /** What was known of the record with this position, if anything was recorded. */
  readonly thenOf: (position: Position) => KnownThen | undefined;
  readonly book: FactsBook;
}

/** Of one enrichment of the candidate. */
interface Asker {
  readonly settings: EnrichmentSettings;
  readonly definition: string;
  readonly question: (subject: Subject) => Question | undefined;
}

const UNKNOWN: Answer = { kind: 'missing', why: 'unknown: a rehearsal asks nobody' };

/**
 * The enrichments of a rehearsal: they ask nobody. A question that was asked of the same source under the same settings about the same record
 * gets the answer that was recorded; any other one is unknown, and counted.
 */
export function openRecordedEnrichments({ settings, connectors, thenOf, book }: RecordedParts): Enrichments {
  const askers = settings.enrichment.map((own) => createAsker(own, settings, connectors));

  function enrichOne(subject: Subject) {
    const then = subject.position && thenOf(subject.position);
    let [recorded, unknown] = [0, 0];
    const answers = askers.map((asker): Answer | undefined => {
      const answer = answerOf(asker, subject, then);
      if (answer === UNKNOWN) unknown += 1;
      else if (answer) recorded += 1;
      return answer;
    });
    if (recorded + unknown > 0) book.note(subject, recorded, unknown);
    const named = askers.map(({ settings: { id, as } }) => ({ id, as }));
    return { ...assemble(answers, named, subject), asked: [] };
  }

  return {
    isEmpty: askers.length === 0,
    ask: (subjects) => ({ enriched: () => subjects.map(enrichOne), answers: () => new Map() }),
  };
}

function createAsker(
  own: EnrichmentSettings,
  { integrations }: Settings,
  connectors: ReadonlyMap<string, Connector>,
): Asker {
  const connectorOf = (id: string) => connectors.get(integrations[id]?.connector ?? '');
  return {
    settings: own,
    definition: definitionOf(own, integrations, connectorOf),
    question: createQuestion(own, keysOf(own, integrations, connectorOf)),
  };
}

function keysOf(
  { source }: EnrichmentSettings,
  integrations: Settings['integrations'],
  connectorOf: (id: string) => Connector | undefined,
): Pick<LookUp, 'cacheKey' | 'recordKey'> {
  if (source.kind === 'history') return { cacheKey: historyKey };
  const enricher = connectorOf(source.integration)?.enricher;
  const config = integrations[source.integration]?.config ?? {};
  return {
    cacheKey: ({ alert }) => enricher?.cacheKey(alert, config),
    recordKey: ({ alert }) => enricher?.recordKey?.(alert, config),
  };
}

function answerOf(
  { settings, definition, question }: Asker,
  subject: Subject,
  then: KnownThen | undefined,
): Answer | undefined {
  const asked = question(subject);
  if (!asked) return undefined;
  // What can't be asked now could not be asked then; its reason is in the hub's log and decisions.
  if (asked.kind !== 'key') {
    const why = 'there was no question that could be asked';
    return { kind: 'missing', why, ...(asked.kind === 'broken' && { isBroken: true }) };
  }
  const answer = then?.answer(questionDigest(definition, asked.recordKey));
  if (answer) return answer;
  // The history is asked only for an alert that fired before, which a replay can't know by itself.
  return settings.source.kind === 'history' && then?.isWhole === true ? undefined : UNKNOWN;
}
