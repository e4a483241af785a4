import type { Context, Limits } from './context.ts';
import type { AlertStatus } from './event.ts';

/** One alert as enrichers see it: after mapping and relabelling, before anybody decided anything. */
export interface AlertSnapshot {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** The label `severity`; empty when there is none. */
  readonly severity: string;
  readonly status: AlertStatus;
  /** RFC 3339 in UTC. */
  readonly startsAt: string;
  /** 16 hexadecimal digits, as in Alertmanager. */
  readonly fingerprint: string;
  /** The integration that the alert came from. */
  readonly integration: string;
}

/**
 * Finds out what another system knows of an alert (BR-AP-002, BR-AP-015). The host asks many alerts side by side, keeps answers under their
 * key, gives up when the time is over, and leaves a system alone that fails; the alert goes on in any case.
 *
 * @example
 * const enricher: Enricher<Config> = {
 *   cacheKey: ({ labels }) => labels.host,
 *   async enrich({ labels }, { config, http }) {
 *     const answer = await http.request({ method: 'GET', url: `${config.url}/hosts/${encodeURIComponent(labels.host!)}` });
 *     return { owner: readText(readObject(answer.json(), ''), 'owner', '') };
 *   },
 * };
 */
export interface Enricher<C> {
  /** How many calls of one integration run at once, default 8; `rate` is not looked at. */
  readonly limits?: Limits;
  /**
   * All that the answer depends on, as one text of at most 1,024 characters: alerts with the same key share one answer. Undefined: there is
   * nothing to be found out about this alert, and `enrich` is not called. Pure and quick; it is called for every alert.
   */
  cacheKey(alert: AlertSnapshot, config: C): string | undefined;
  /**
   * What is asked, without anything that the connector remembers: the same in every process. For a connector whose `cacheKey` holds the version of
   * what it has read, so that a back-test finds the answers that were recorded. Default: the `cacheKey`. Pure and quick; it is called for every alert.
   *
   * @example recordKey: ({ labels }) => labels.host // where cacheKey is `${versionOf(table)}/${labels.host}`
   */
  recordKey?(alert: AlertSnapshot, config: C): string | undefined;
  /**
   * Plain JSON of at most 16 KiB, for rules, templates and people; empty when nothing is known. Throws a `Fault` when it can't tell.
   * It depends on nothing of the alert but what is in its `cacheKey`.
   */
  enrich(alert: AlertSnapshot, context: Context<C>): Promise<Readonly<Record<string, unknown>>>;
}
