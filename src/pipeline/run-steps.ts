import { ageStep } from './age-step.ts';
import { announceChangesStep, announcesChanges, remindStep } from './announce-changes.ts';
import { announceStep } from './announce-step.ts';
import { correlateStep } from './correlate-step.ts';
import { expireStep } from './expire-step.ts';
import { flushStep } from './flush-step.ts';
import { foldStep, type FoldProgress } from './fold-step.ts';
import { gatherStep } from './gather-step.ts';
import { heartbeatStep } from './heartbeat.ts';
import { learnStep } from './learn-step.ts';
import { namespaceStep } from './namespace-step.ts';
import type { StepContext } from './step.ts';
import { stormStep } from './storm-step.ts';
import type { WaitingDesk } from './waiting-batch.ts';

export interface Turn {
  /** The next offset to process, per partition. */
  readonly positions: ReadonlyMap<number, number>;
  /** False while the journal is being caught up: then nothing expires and nobody is told. */
  readonly isWhole: boolean;
  /** What is told now is told late. */
  readonly isLate: boolean;
  /** What is looked at from time to time, see `runDuties`. */
  readonly duties: (step: StepContext) => Promise<void>;
  /** Where a batch waits for enrichment; absent: a round waits with it. */
  readonly desk?: WaitingDesk;
}

/** The flow behind the journal, in one list; a rehearsal runs the same. */
export async function runSteps(
  step: StepContext,
  { positions, isWhole, isLate, duties, desk }: Turn,
): Promise<{ readonly folded: FoldProgress; readonly progressed: boolean }> {
  const folded = await foldStep(step, positions, desk);
  let progressed = folded.next.size > 0;
  // Nothing ends by itself while there is news that may say that it goes on.
  if (isWhole && !folded.awaits) {
    progressed = (await expireStep(step)) || progressed;
    progressed = (await ageStep(step)) || progressed;
    await duties(step);
    if (announcesChanges(step.settings())) progressed = (await announceChangesStep(step)) || progressed;
  }
  progressed = (await gatherStep(step)) || progressed;
  progressed = (await correlateStep(step, isWhole)) || progressed;
  progressed = (await learnStep(step)) || progressed;
  progressed = (await namespaceStep(step)) || progressed;
  if (isWhole) progressed = (await flushStep(step, isLate)) || progressed;
  return { folded, progressed };
}

/** The hub's own alerts: silent sources, storms, announcements, approvals that wait. Returns when a source may fall silent next. */
export async function runDuties(step: StepContext): Promise<number> {
  const next = await heartbeatStep(step);
  await stormStep(step);
  await announceStep(step);
  // What was told while somebody was to be told ends also when nobody is any more.
  if (!announcesChanges(step.settings())) await announceChangesStep(step);
  await remindStep(step);
  return next;
}
