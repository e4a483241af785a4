import type { AlertData, Priority } from '@signalbox/sdk';
import { priorityOf } from '../model/severity.ts';
import { FAILED, type Facts, type Made, type Prepared } from '../model/prepared.ts';
import type { Suppression } from '../model/suppression.ts';
import type { Settings } from '../model/settings.ts';
import { compileRules, type CompiledRule, type Filter } from '../rules/compile-rules.ts';
import { runRules } from '../rules/run-rules.ts';
import type { Subject } from '../rules/condition.ts';

/** One statement about an alert, as the journal has it. */
export interface Said {
  readonly tenant: string;
  readonly integration: string;
  /** Of the labels as the source gave them; nothing here changes it. */
  readonly fingerprint: string;
  readonly data: AlertData;
}

/** What the stages have found out so far. It belongs to one statement, and each stage changes it in place. */
export interface Draft extends Said {
  data: AlertData;
  facts: Facts;
  priority?: Priority;
  hold?: Suppression;
  readonly decisions: Made[];
  /** A rule said that no other is tried. */
  isRuled: boolean;
}

/** Does one thing to a draft. What it throws is told as a decision, and the alert goes on as it is. */
export interface Stage {
  readonly name: Made['stage'];
  readonly run: (draft: Draft, now: number) => void;
}

/** The stages that the settings ask for. Enrichment, which takes time, stands between them (design §2.3). */
export interface Preparation {
  readonly early: readonly Stage[];
  readonly late: readonly Stage[];
}

/**
 * Compiles what the settings say, once. Undefined when they say nothing: then events go to the fold as they are.
 *
 * @param filterOf the filter of an integration's connector
 */
export function compilePreparation(
  settings: Settings,
  filterOf: (integration: string) => Filter | undefined,
): Preparation | undefined {
  const rules = compileRules(settings.rules, filterOf);
  const early: Stage[] = [];
  if (rules.early.length > 0) early.push(rulesStage(rules.early));
  const late: Stage[] = [];
  if (rules.late.length > 0) late.push(rulesStage(rules.late));
  return early.length + late.length === 0 ? undefined : { early, late };
}

/** All that can be known without asking anybody. Pure. */
export function prepareEarly({ early }: Preparation, said: Said, now: number): Draft {
  const draft: Draft = { ...said, facts: NO_FACTS, decisions: [], isRuled: false };
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

const NO_FACTS: Facts = {};

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

const NOTHING = {};

/** What conditions look at. */
export function subjectOf({ data, facts, priority, ...said }: Draft, now: number): Subject {
  const severity = data.labels.severity ?? '';
  return {
    alert: {
      labels: data.labels,
      annotations: data.annotations,
      severity,
      priority: priority ?? priorityOf(severity),
      status: data.status,
      startsAt: timeOf(data.startsAt, now),
      tenant: said.tenant,
      fingerprint: said.fingerprint,
      details: data.details ?? NOTHING,
    },
    // A list that is not there would be no list for `in`.
    facts: facts.compliance ? facts : { compliance: [], ...facts },
    integration: said.integration,
    now: new Date(now),
  };
}

function timeOf(text: string | undefined, now: number): Date {
  const time = text === undefined ? NaN : Date.parse(text);
  return new Date(Number.isNaN(time) ? now : time);
}
