import type { Certainty, Reason } from './classification.ts';

/** Says that it is not production, but not what it is. */
export const NONPRODUCTION = 'nonproduction';
/** An environment label has a value that no rule knows; it might be anything. */
export const UNCLEAR = 'unclear';

export interface Decision {
  readonly environment: string;
  readonly certainty: Certainty;
  readonly reasons: readonly Reason[];
}

/** Whether an environment is treated as production. */
export type IsProduction = (environment: string) => boolean;

/**
 * Makes one environment of all that was said. What is said of the namespace itself (name, labels, annotations) goes before what is said
 * of its surroundings (cluster, owner): a testing namespace may stand in a development cluster. But production is heard
 * from everywhere, and whatever disagrees with it is a contradiction. So is what disagrees among the first.
 *
 * Both a contradiction and silence end in production, because a missed production alert is worse than a loud one of a sandbox.
 */
export function decideEnvironment(
  reasons: readonly Reason[],
  nonproduction: string,
  isProduction: IsProduction,
): Decision {
  const heard = reasons.filter(({ isHeard }) => isHeard);
  const own = heard.filter(({ source }) => source !== 'cluster' && source !== 'owner');
  const saysProduction = heard.some(({ says }) => isProduction(says));
  const saysOther = heard.some(({ says }) => !isProduction(says) && says !== UNCLEAR);
  const speaking = choicesOf(own).size > 0 ? own : heard;
  const choices = choicesOf(speaking);
  const isUnclear = heard.some(({ says }) => says === UNCLEAR);
  const [environment] = choices;

  if (environment === undefined && !saysOther)
    return { environment: 'production', certainty: 'unknown', reasons };
  if ((saysProduction && saysOther) || choices.size > 1 || (isUnclear && saysOther)) {
    return { environment: 'production', certainty: 'contradictory', reasons };
  }
  const silenced = reasons.map((reason) =>
    reason.isHeard && !speaking.includes(reason) && reason.says !== UNCLEAR && !agrees(reason, environment)
      ? { ...reason, isHeard: false, why: 'name and labels go before it' }
      : reason,
  );
  return { environment: environment ?? nonproduction, certainty: 'certain', reasons: silenced };
}

function agrees({ says }: Reason, environment: string | undefined): boolean {
  return says === NONPRODUCTION || says === environment;
}

/** The environments that were named; `nonproduction` agrees with all but production and names none. */
function choicesOf(reasons: readonly Reason[]): ReadonlySet<string> {
  return new Set(
    reasons.map(({ says }) => says).filter((says) => says !== NONPRODUCTION && says !== UNCLEAR),
  );
}
