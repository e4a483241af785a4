import type { AlertStatus } from '@signalbox/sdk';
import type { Labels } from '../model/matcher.ts';
import type { Facts } from '../model/prepared.ts';

/** What a condition looks at, under the names by which CEL knows it. */
export interface Subject {
  readonly alert: SubjectAlert;
  readonly facts: Facts;
  readonly integration: string;
  readonly now: Date;
}

export interface SubjectAlert {
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly severity: string;
  readonly priority: string;
  readonly status: AlertStatus;
  readonly startsAt: Date;
  readonly tenant: string;
  readonly fingerprint: string;
  readonly details: Readonly<Record<string, unknown>>;
}
