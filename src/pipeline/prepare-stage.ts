import type { AlertData, Priority } from '@signalbox/sdk';
import type { Position } from '../model/position.ts';
import type { Facts, Made } from '../model/prepared.ts';
import { priorityOf } from '../model/severity.ts';
import type { Suppression } from '../model/suppression.ts';
import type { Subject } from '../rules/subject.ts';

/** One statement about an alert, as the journal has it. */
export interface Said {
  readonly tenant: string;
  readonly integration: string;
  /** Of the labels as the source gave them; nothing here changes it. */
  readonly fingerprint: string;
  readonly data: AlertData;
  /** Of its record; absent where it is only tried. */
  readonly position?: Position;
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

const NOTHING = {};
/** What is no text can't read as '' where it is not there. */
const BLANK_FACTS = { isProduction: false, findings: [], compliance: [] };

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
    facts: { ...BLANK_FACTS, ...facts },
    integration: said.integration,
    now: new Date(now),
  };
}

function timeOf(text: string | undefined, now: number): Date {
  const time = text === undefined ? NaN : Date.parse(text);
  return new Date(Number.isNaN(time) ? now : time);
}
