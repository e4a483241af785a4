import type { Enrichments } from '../enrichment/open-enrichments.ts';
import type { Asked, Subject } from '../enrichment/look-up.ts';
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

const NONE: ReadonlyMap<Draft, readonly Asked[]> = new Map();

/**
 * Takes what the events of a batch say through the stages of `prepare`. Between the stages that ask nobody and those that build on answers all
 * alerts are enriched together, within one budget (design §2.3).
 *
 * @param before the alerts as the store has them, by their keys
 */
export async function prepareBatch<R extends Preparable>(
  stages: Preparation,
  enrichments: Enrichments,
  records: readonly R[],
  before: ReadonlyMap<string, Alert>,
  now: number,
): Promise<readonly R[]> {
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
  const asked = enrichments.isEmpty ? NONE : await enrichDrafts(enrichments, drafts.flat(), before, now);
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
}

/** What machines made of the episode so far, so that rules can look at it. */
function analysisOf(before: Alert | undefined): Pick<Facts, 'analysis'> {
  const analysis = before?.status === 'firing' ? before.facts?.analysis : undefined;
  return analysis ? { analysis } : {};
}

/** What has ended is not asked about again: it keeps what was found while it fired. */
async function enrichDrafts(
  enrichments: Enrichments,
  drafts: readonly Draft[],
  before: ReadonlyMap<string, Alert>,
  now: number,
): Promise<ReadonlyMap<Draft, readonly Asked[]>> {
  const known = (draft: Draft) => before.get(alertKey(draft.tenant, draft.fingerprint));
  const firing = drafts.filter(({ data }) => data.status === 'firing');
  const found = await enrichments.enrich(firing.map((draft) => describe(draft, known(draft), now)));
  firing.forEach((draft, at) => {
    draft.facts = { ...draft.facts, ...found[at]!.facts };
    draft.decisions.push(...found[at]!.decisions);
  });
  for (const draft of drafts) {
    if (draft.data.status === 'firing') continue;
    const { context, missing } = known(draft)?.facts ?? {};
    if (context) draft.facts = { ...draft.facts, context };
    if (missing) draft.facts = { ...draft.facts, missing };
  }
  return new Map(firing.map((draft, at) => [draft, found[at]!.asked]));
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
