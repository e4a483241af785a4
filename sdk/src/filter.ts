import type { AlertSnapshot } from './enricher.ts';

/** `pass`, or why nobody is told for the time being. */
export type Verdict = 'pass' | { readonly hold: string };

/**
 * Decides about alerts by logic of its own (BR-AP-010), where a rule of the configuration names an integration as its `filter`. It holds and never drops: what it
 * holds is kept and shown with its reason, and told when a later statement passes.
 *
 * @example
 * const filter: Filter<Config> = {
 *   decide: ({ labels }, { teams }) => (teams.includes(labels.team ?? '') ? { hold: 'the team looks in the morning' } : 'pass'),
 * };
 */
export interface Filter<C> {
  /**
   * Pure and quick: it is called for every statement about an alert for which the rule's condition holds, and the same alert and configuration give the
   * same verdict. What it throws is recorded at the alert, which passes.
   */
  decide(alert: AlertSnapshot, config: C): Verdict;
}
