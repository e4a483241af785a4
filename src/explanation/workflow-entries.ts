import type { WorkflowRun, RunStatus } from '../model/workflow-run.ts';
import type { AlertFacts } from './alert-facts.ts';
import type { ChainEntry, NextEvent } from './explanation.ts';
import { saidText } from './words.ts';

const TONES: Readonly<Partial<Record<RunStatus, NonNullable<ChainEntry['tone']>>>> = {
  succeeded: 'good',
  failed: 'bad',
  unknown: 'bad',
  waiting: 'held',
};

/** What was handed to workflow engines, by which rule, and what came of it. */
export function workflowEntries({ runs }: AlertFacts): readonly ChainEntry[] {
  return runs.map((run): ChainEntry => {
    const { id, rule, integration, status, words, createdAt } = run;
    const reference = run.reference === undefined ? '' : ` as ${saidText(run.reference)}`;
    const said = words === undefined ? '' : ` (${saidText(words)})`;
    const tone = TONES[status];
    return {
      text: `${whyText(run)}: run ${id} at ${integration}${reference} ${STATUS_TEXT[status]}${said}`,
      rule,
      at: createdAt,
      ...(tone ? { tone } : {}),
    };
  });
}

/** When engines are asked how runs go on. */
export function workflowEvents({ runs }: AlertFacts): readonly NextEvent[] {
  return runs.flatMap(({ rule, integration, dueAt }): readonly NextEvent[] =>
    dueAt === undefined
      ? []
      : [{ at: dueAt, kind: 'workflow', text: `${integration} is asked how the run of ${rule} goes on` }],
  );
}

function whyText({ trigger, requestedBy, approvedBy, subject }: WorkflowRun): string {
  const agreed = approvedBy === undefined ? '' : `, approved by ${saidText(approvedBy)}`;
  switch (trigger) {
    case 'firing':
      return `it fires${agreed}`;
    case 'resolved':
      return `it has resolved${agreed}`;
    case 'incident':
      return `its incident ${subject.id} was opened${agreed}`;
    case 'person':
      return `asked for by ${saidText(requestedBy ?? 'somebody')}${agreed}`;
  }
}

const STATUS_TEXT: Readonly<Record<RunStatus, string>> = {
  waiting: 'waits for an approval',
  starting: 'is being started',
  running: 'is running',
  started: 'was started, and nothing more is heard of it',
  succeeded: 'has succeeded',
  failed: 'has failed',
  refused: 'was not approved',
  canceled: 'was not started',
  unknown: 'has an unknown end',
};
