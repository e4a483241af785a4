import { FAILED, type Facts, type Prepared } from '../model/prepared.ts';
import type { Settings } from '../model/settings.ts';
import type { Assess } from '../priority/assess.ts';
import { compilePriority } from '../priority/compile.ts';
import type { CompiledPriority } from '../priority/policy.ts';
import { prioritise } from '../priority/prioritise.ts';
import { assessmentDecisions, decisionsOf, factsOf } from '../priority/record.ts';
import { compileRules, type BoundFilter, type CompiledRule } from '../rules/compile-rules.ts';
import { runRules } from '../rules/run-rules.ts';
import type { ModelBook } from '../scoring/model-book.ts';
import { classifyStage } from './prepare-classify.ts';
import { normaliseStages } from './prepare-normalise.ts';
import { scoreStage } from './prepare-score.ts';
import { subjectOf, type Draft, type Said, type Stage } from './prepare-stage.ts';

/** The stages that the settings ask for. Enrichment, which takes time, stands between them (design §2.3). */
export interface Preparation {
  readonly early: readonly Stage[];
  readonly late: readonly Stage[];
}

const NO_FACTS: Facts = {};

/**
 * Compiles what the settings say, once. Undefined when they say nothing: then events go to the fold as they are.
 *
 * @param filterOf the filter of an integration's connector
 * @param modelOf the relevance model of a tenant; without it scores are what is assumed from the start
 */
export function compilePreparation(
  settings: Settings,
  filterOf: (integration: string) => BoundFilter | undefined,
  modelOf: ModelBook['of'] = () => undefined,
): Preparation | undefined {
  const rules = compileRules(settings.rules, filterOf);
  const early: Stage[] = [];
  if (settings.normalise) early.push(...normaliseStages(settings.normalise));
  if (settings.classification) early.push(classifyStage(settings.classification));
  if (rules.early.length > 0) early.push(rulesStage(rules.early));
  const late: Stage[] = [];
  if (settings.priority) late.push(priorityStage(compilePriority(settings.priority)));
  if (settings.scoring) late.push(scoreStage(settings.scoring, modelOf));
  if (rules.late.length > 0) late.push(rulesStage(rules.late));
  const isNothing = early.length + late.length + settings.enrichment.length === 0;
  return isNothing ? undefined : { early, late };
}

/**
 * All that can be known without asking anybody. Pure.
 *
 * @param known what was found out about the episode before, and stands
 */
export function prepareEarly({ early }: Preparation, said: Said, now: number, known = NO_FACTS): Draft {
  const draft: Draft = { ...said, facts: known, decisions: [], isRuled: false };
  for (const stage of early) runStage(stage, draft, now);
  return draft;
}

/** What builds on the answers of enrichment, and the result. Pure. */
export function prepareLate({ late }: Preparation, draft: Draft, now: number): Prepared {
  for (const stage of late) runStage(stage, draft, now);
  const { data, facts, priority, hold, decisions } = draft;
  return {
    data,
    facts,
    decisions,
    ...(priority === undefined ? {} : { priority }),
    ...(hold === undefined ? {} : { hold }),
  };
}

/** One bad rule, or an alert that breaks a stage, stops nothing (design §2.11). */
function runStage({ name, run }: Stage, draft: Draft, now: number): void {
  try {
    run(draft, now);
  } catch (error) {
    const outcome = FAILED + (error instanceof Error ? error.message : String(error));
    draft.decisions.push({ stage: name, rule: name, outcome });
  }
}

function rulesStage(rules: readonly CompiledRule[]): Stage {
  return {
    name: 'filter',
    run(draft, now) {
      if (draft.isRuled) return;
      const ruled = runRules(rules, subjectOf(draft, now));
      if (!ruled) return;
      const { labels, annotations, priority, hold, decisions, isStopped } = ruled;
      if (labels !== draft.data.labels || annotations !== draft.data.annotations)
        draft.data = { ...draft.data, labels, annotations };
      draft.decisions.push(...decisions);
      draft.isRuled = isStopped;
      if (priority) draft.priority = priority;
      if (hold) draft.hold ??= hold;
    },
  };
}

/** A priority that a rule set before stands: it was said of fewer alerts. */
function priorityStage(compiled: CompiledPriority): Stage {
  return {
    name: 'prioritise',
    run(draft, now) {
      const found = prioritise(compiled, subjectOf(draft, now), now);
      draft.facts = { ...draft.facts, ...factsOf(found) };
      if (found.priority) draft.priority ??= found.priority;
      draft.decisions.push(...decisionsOf(found));
      if (compiled.assess) assessDraft(compiled.assess, draft, now);
    },
  };
}

/** After the policies, because procedures may ask for what these say: priority, criticality, compliance. */
function assessDraft(assess: Assess, draft: Draft, now: number): void {
  const assessed = assess(subjectOf(draft, now), now);
  // What was assessed before may stand among the facts of the episode; it is not what holds now.
  const { assessment: _, ...facts } = draft.facts;
  draft.facts = assessed.assessment ? { ...facts, assessment: assessed.assessment } : facts;
  draft.decisions.push(...assessmentDecisions(assessed));
}
