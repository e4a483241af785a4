import type { Assessment } from '../model/assessment.ts';
import { priorityOf } from '../model/severity.ts';
import type { Labels } from '../model/matcher.ts';
import type { Subject } from '../rules/subject.ts';
import type { CompiledPriority } from './policy.ts';
import { ANSWERS, NOTHING, type Answer, type ExpectedPriority } from './parse-cases.ts';
import { factsOf } from './record.ts';
import { prioritise, type Prioritised } from './prioritise.ts';

/** One answer that policies gave otherwise than expected. */
export interface PriorityMiss {
  readonly line: number;
  readonly answer: Answer;
  readonly expected: string;
  readonly actual: string;
  /** What set it: a policy, or what gave the level with its line; absent: nothing did. */
  readonly policy?: string;
}

/** How well policies agree with what is expected. Figures are of the answers that were asked for. */
export interface PriorityEvaluation {
  readonly total: number;
  /** Alerts of which every answer agrees. */
  readonly agreeing: number;
  /** From 0 to 1; 1 when nothing is asked. */
  readonly agreement: number;
  readonly answers: readonly { readonly answer: Answer; readonly asked: number; readonly correct: number }[];
  readonly misses: readonly PriorityMiss[];
  /** Ids of policies that set nothing for any of them. */
  readonly unusedPolicies: readonly string[];
  /** Criteria and cells of the matrix that gave none of them its level; empty when no level is asked. */
  readonly unusedRules: readonly string[];
  /** Conditions that could not be evaluated. */
  readonly troubles: readonly { readonly line: number; readonly policy: string; readonly problem: string }[];
}

/** Prioritises and assesses each case, and compares (BR-QUAL-004, BR-QUAL-008). */
export function evaluatePriorities(
  compiled: CompiledPriority,
  cases: readonly ExpectedPriority[],
): PriorityEvaluation {
  const used = new Set<string>();
  const usedRules = new Set<string>();
  const misses: PriorityMiss[] = [];
  const troubles: PriorityEvaluation['troubles'][number][] = [];
  for (const { environment, labels, at, expected, line } of cases) {
    const severity = labels.severity ?? '';
    const subject = subjectOf(labels, environment, at);
    const found = prioritise(compiled, subject, at);
    const assessed = compiled.assess?.(withFound(subject, found), at);
    for (const { policy } of found.reasons) used.add(policy);
    if (assessed?.assessment) usedRules.add(assessed.assessment.rule);
    for (const trouble of found.troubles) troubles.push({ line, ...trouble });
    for (const { rule, problem } of assessed?.troubles ?? []) troubles.push({ line, policy: rule, problem });
    for (const answer of ANSWERS) {
      const right = expected[answer];
      if (right === undefined) continue;
      const actual =
        answer === 'level' ? (assessed?.assessment?.level ?? NOTHING) : answerOf(found, answer, severity);
      if (sorted(actual) === sorted(right)) continue;
      const policy =
        answer === 'level'
          ? ruleOf(assessed?.assessment)
          : found.reasons.find(({ field }) => field === answer)?.policy;
      misses.push({ line, answer, expected: right, actual, ...(policy === undefined ? {} : { policy }) });
    }
  }
  const wrong = new Set(misses.map(({ line }) => line));
  return {
    total: cases.length,
    agreeing: cases.length - wrong.size,
    agreement: cases.length === 0 ? 1 : 1 - wrong.size / cases.length,
    answers: ANSWERS.map((answer) => {
      const asked = cases.filter(({ expected }) => expected[answer] !== undefined).length;
      return { answer, asked, correct: asked - misses.filter((miss) => miss.answer === answer).length };
    }).filter(({ asked }) => asked > 0),
    misses,
    unusedPolicies: compiled.policies.map(({ id }) => id).filter((id) => !used.has(id)),
    unusedRules: cases.some(({ expected }) => expected.level !== undefined)
      ? (compiled.assess?.rules ?? []).filter((rule) => !usedRules.has(rule))
      : [],
    troubles,
  };
}

/** As the pipeline does it: procedures see what policies said. */
function withFound(subject: Subject, found: Prioritised): Subject {
  return {
    ...subject,
    alert: { ...subject.alert, priority: found.priority ?? subject.alert.priority },
    facts: { ...subject.facts, ...factsOf(found) },
  };
}

function ruleOf(assessment: Assessment | undefined): string | undefined {
  return assessment && `${assessment.rule} (${assessment.definedAt})`;
}

/** A firing alert that says no more than the case does. */
function subjectOf(labels: Labels, environment: string | undefined, at: number): Subject {
  const severity = labels.severity ?? '';
  const time = new Date(at);
  return {
    alert: {
      labels,
      annotations: {},
      severity,
      priority: priorityOf(severity),
      status: 'firing',
      startsAt: time,
      tenant: 'default',
      fingerprint: '',
      details: {},
    },
    facts: { compliance: [], ...(environment === undefined ? {} : { environment }) },
    integration: '',
    now: time,
  };
}

function answerOf(found: Prioritised, answer: Exclude<Answer, 'level'>, severity: string): string {
  if (answer === 'priority') return found.priority ?? priorityOf(severity);
  const values = found.reasons.filter(({ field }) => field === answer).map(({ value }) => value);
  return values.length === 0 ? NOTHING : values.join(';');
}

function sorted(values: string): string {
  return values.split(';').sort().join(';');
}
