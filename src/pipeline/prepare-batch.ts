import { NOTHING_ASKED, type Asking } from '../enrichment/ask-all.ts';
import type { Asked, KnownAnswers, Subject } from '../enrichment/look-up.ts';
import type { Enrichments } from '../enrichment/open-enrichments.ts';
import type { Alert } from '../model/alert.ts';
import type { Facts } from '../model/prepared.ts';
import type { Position } from '../model/position.ts';
import type { RecordBody } from '../model/record.ts';
import { alertKey, type Statement } from './fold-batch.ts';
import { subjectOf, type Draft } from './prepare-stage.ts';
import { prepareEarly, prepareLate, type Preparation } from './prepare.ts';

/** A record with what it says. */
interface Preparable {
  readonly record: Position;
  readonly body?: RecordBody;
  readonly statements: readonly Statement[];
  /** What enrichment was asked about the alerts that it says fire; absent where it was not asked. */
  readonly asked?: readonly Asked[];
}

/** A batch between the stages that ask nobody and those that build on answers. */
export interface Preparing<R> {
  /** Resolves when enrichment has to wait no longer; absent when it needs no waiting. */
  readonly over?: Promise<void>;
  /** What enrichment was asked and answered until now. */
  answers(): KnownAnswers;
  /** The rest of the stages, with the answers that are there. Once. */
  finish(): readonly R[];
}

/**
 * Takes what the events of a batch say through the stages of `prepare`. Between the stages that ask nobody and those that build on answers all
 * alerts are enriched together, within one budget (design §2.3).
 *
 * @param before the alerts as the store has them, by their keys
 * @param known what enrichment was asked and answered about the same batch before
 */
export function prepareBatch<R extends Preparable>(
  stages: Preparation,
  enrichments: Enrichments,
  batch: {
    readonly records: readonly R[];
    readonly before: ReadonlyMap<string, Alert>;
    readonly now: number;
    readonly known?: KnownAnswers | undefined;
  },
): Preparing<R> {
  const { records, before, now, known } = batch;
  const drafts = records.map(({ record, body, statements }) => {
    const { partition, offset } = record;
    const position = { partition, offset };
    if (body?.kind !== 'events') return [];
    const { tenant, integration } = body.meta;
    return statements.map(({ event, fingerprint }) =>
      prepareEarly(
        stages,
        { tenant, integration, fingerprint, data: event.data, position },
        now,
        analysisOf(before.get(alertKey(tenant, fingerprint))),
      ),
    );
  });
  const beforeOf = (draft: Draft) => before.get(alertKey(draft.tenant, draft.fingerprint));
  // What has ended is not asked about again.
  const firing = enrichments.isEmpty ? [] : drafts.flat().filter(({ data }) => data.status === 'firing');
  const subjects = firing.map((draft) => describe(draft, beforeOf(draft), now));
  const asking = subjects.length === 0 ? NOTHING_ASKED : enrichments.ask(subjects, known);
  return {
    ...(asking.over && { over: asking.over }),
    answers: asking.answers,
    finish() {
      const asked = addAnswers(firing, asking);
      if (!enrichments.isEmpty) drafts.flat().forEach((draft) => keepAnswers(draft, beforeOf(draft)));
      return records.map((record, at) => {
        if (record.body?.kind !== 'events') return record;
        const statements = record.statements.map((statement, which) => ({
          ...statement,
          prepared: prepareLate(stages, drafts[at]![which]!, now),
        }));
        const enriched = drafts[at]!.filter((draft) => asked.has(draft));
        if (enriched.length === 0) return { ...record, statements };
        return { ...record, statements, asked: enriched.flatMap((draft) => asked.get(draft)!) };
      });
    },
  };
}

/** What machines made of the episode so far, so that rules can look at it. */
function analysisOf(before: Alert | undefined): Pick<Facts, 'analysis'> {
  const analysis = before?.status === 'firing' ? before.facts?.analysis : undefined;
  return analysis ? { analysis } : {};
}

/** Gives each draft what was found about it, and tells what was asked. */
function addAnswers(firing: readonly Draft[], asking: Asking): ReadonlyMap<Draft, readonly Asked[]> {
  const found = asking.enriched();
  return new Map(
    firing.map((draft, at) => {
      const { facts, decisions, asked } = found[at]!;
      draft.facts = { ...draft.facts, ...facts };
      draft.decisions.push(...decisions);
      return [draft, asked];
    }),
  );
}

/** What has ended keeps what was found while it fired. */
function keepAnswers(draft: Draft, before: Alert | undefined): void {
  if (draft.data.status === 'firing') return;
  const { context, missing } = before?.facts ?? {};
  if (context) draft.facts = { ...draft.facts, context };
  if (missing) draft.facts = { ...draft.facts, missing };
}

function describe(draft: Draft, before: Alert | undefined, now: number): Subject {
  const view = subjectOf(draft, now);
  const { labels, annotations, severity, startsAt } = view.alert;
  const { data, fingerprint, integration, tenant, position } = draft;
  const alert = {
    labels,
    annotations,
    severity,
    status: data.status,
    startsAt: startsAt.toISOString(),
    fingerprint,
    integration,
  };
  return { tenant, alert, view, before, ...(position && { position }) };
}
