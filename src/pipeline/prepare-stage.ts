import type { AlertData, Priority } from '@signalbox/sdk';
import type { Facts, Made } from '../model/prepared.ts';
import type { Suppression } from '../model/suppression.ts';

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
