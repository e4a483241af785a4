import type { Context, DeliverContext, Limits } from './context.ts';
import type { Notification, WorkflowRequest } from './notification.ts';

/** A notification that is meant for an engine: about one alert, and with what is to be run. */
export interface WorkflowStart extends Notification {
  readonly run: WorkflowRequest;
}

/** What the engine said when it took the run. */
export interface WorkflowStarted {
  /** By which the engine knows the run, at most 500 characters. Absent: it does not tell, so nobody can ask how it goes on. */
  readonly reference?: string;
  /** One line for people, e.g. `HTTP 201`. Never holds a secret. */
  readonly summary: string;
}

export interface WorkflowStatus {
  readonly state: 'running' | 'succeeded' | 'failed';
  /** What the engine says, in a line; the hub cuts it after 500 characters. */
  readonly words?: string;
}

/**
 * Starts runs in a workflow engine and says how they go on (BR-AP-017). Retries, deadlines and the pace of the questions are the hub's.
 *
 * @example
 * const workflow: Workflow<Config> = {
 *   idempotency: 'key',
 *   async start({ run }, { config, http }) {
 *     const answer = await http.request({ method: 'POST', url: `${config.url}/runs`, body: run.inputs, idempotencyHeader: 'idempotency-key' });
 *     return { reference: readText(readObject(answer.json(), '').id, 'id'), summary: `HTTP ${answer.status}` };
 *   },
 * };
 */
export interface Workflow<C> {
  readonly limits?: Limits;
  /** `key`: the engine starts no second run under the same key. `none`: a repeat runs twice, so `on_unknown: drop` is the safe setting. */
  readonly idempotency: 'key' | 'none';
  /** One request. It is called again with the same `run.id` and `http.idempotencyKey`. Throws a `Fault` when the engine did not take it. */
  start(start: WorkflowStart, context: DeliverContext<C>): Promise<WorkflowStarted>;
  /** Whether runs of this configuration can be asked after; default: yes, where there is `status`. */
  watches?(config: C): boolean;
  /** How a run goes on. Without an effect. Throws a `Fault` when it can't tell; then it is asked again later. */
  status?(reference: string, context: Context<C>): Promise<WorkflowStatus>;
}
