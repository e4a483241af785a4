import type { Classification, Reason } from './classification.ts';
import { UNCLEAR } from './decide-environment.ts';

/**
 * One line that says why, for lists and logs.
 *
 * @example
 * explainClassification(classify(compiled, { namespace: 'shop-dev', cluster: 'prod-1' }));
 * // 'counts as production because this contradicts: "dev" in the name says development; "prod" in the cluster says production'
 */
export function explainClassification({ certainty, reasons }: Classification): string {
  const said = reasons
    .filter(({ isHeard }) => isHeard)
    .map(describeReason)
    .join('; ');
  switch (certainty) {
    case 'certain':
      return said;
    case 'contradictory':
      return `counts as production because this contradicts: ${said}`;
    case 'unknown':
      return `counts as production because nothing says the environment${said === '' ? '' : `: ${said}`}`;
  }
}

/** `"pre-prod" in the name says staging`. */
export function describeReason({ rule, source, key, input, says }: Reason): string {
  if (source === 'condition')
    return `the condition of the rule ${rule} ${says === UNCLEAR ? 'failed' : `says ${says}`}`;
  const where = key === undefined ? source : `${source} ${key}`;
  const what = says === UNCLEAR ? 'is no environment that a rule knows' : `says ${says}`;
  return `${JSON.stringify(input)} in the ${where} ${what}`;
}
