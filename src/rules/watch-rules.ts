import type { MetricSet } from '../lib/metrics.ts';
import { RULE_KINDS, ruleLabel, type RuleCounts } from './tally.ts';

/** Shows the counts of rules as a metric. They are read when somebody scrapes, so that an alert costs nothing for it. */
export function watchRules(set: MetricSet, counts: RuleCounts): void {
  set.counter(
    'signalbox_rule_matches_total',
    'What rules matched, each kind as `signalbox rules counts` has it; all but rules that filter have their kind before their id, e.g. `correlation/<id>`.',
    ['rule'],
    (counter) => {
      counter.reset();
      for (const kind of RULE_KINDS) {
        for (const [id, { matches }] of counts[kind])
          if (matches > 0) counter.inc({ rule: ruleLabel(kind, id) }, matches);
      }
    },
  );
}
