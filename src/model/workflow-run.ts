import type { Priority, WorkflowTrigger } from '@signalbox/sdk';

export const RUN_STATUSES = [
  /** For a person's approval. */
  'waiting',
  /** Its start is being delivered. */
  'starting',
  /** The engine has it, and is asked how it goes on. */
  'running',
  /** The engine took it, and tells no more. */
  'started',
  'succeeded',
  /** It ended badly, or could not be started. */
  'failed',
  /** A person said no, or nobody answered in time. */
  'refused',
  /** What it was for was over before it was started, or a person gave it up. */
  'canceled',
  /** Whether it was started, or how it ended, can't be found out. */
  'unknown',
] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

export const RUN_SUBJECTS = ['alert', 'incident'] as const;

/** What a run is about. */
export interface RunSubject {
  readonly kind: (typeof RUN_SUBJECTS)[number];
  /** A fingerprint, or the id of the incident. */
  readonly id: string;
}

/** One hand-over of an alert or an incident to a workflow engine (BR-AP-017). */
export interface WorkflowRun {
  /** `w_`, its time and a hash of what it is about, so that the same is never handed over twice. */
  readonly id: string;
  /** Counts changes. Whoever writes names the version that was read. */
  readonly version: number;
  readonly tenant: string;
  readonly rule: string;
  readonly integration: string;
  readonly trigger: WorkflowTrigger;
  readonly subject: RunSubject;
  /** Of the alert. */
  readonly episode?: number;
  /** What people call the subject. */
  readonly title: string;
  readonly priority: Priority;
  /** What the rule's templates came to. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly status: RunStatus;
  /** The newest that is to be said of it, in a line. */
  readonly words?: string;
  /** Who asked for it; absent: the hub did by itself. */
  readonly requestedBy?: string;
  /** Who agreed. */
  readonly approvedBy?: string;
  readonly approvalId?: string;
  /** The delivery that starts it. */
  readonly deliveryId?: string;
  /** The engine's id of it. */
  readonly reference?: string;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** How often the engine was asked how it goes on. */
  readonly asked: number;
  /** While it runs: when the engine is asked next. The timer is this column. */
  readonly dueAt?: number;
  /** For how long after its start the engine is asked. */
  readonly watchMs: number;
}

/** What belongs to runs in the table of deliveries: a start has the id of its run in the place of a group's. */
const PREFIX = 'w_';

export function isRunId(id: string): boolean {
  return id.startsWith(PREFIX);
}

/** Whether nothing more happens to it. */
export function isOver({ status }: Pick<WorkflowRun, 'status'>): boolean {
  return status !== 'waiting' && status !== 'starting' && status !== 'running';
}
