/**
 * What is assumed before anything was learned, in the units of a logistic regression: 0 is even odds, 1 makes relevance about 2.7 times as likely. Cold, a
 * critical alert of production scores 0.92, a warning of unknown environment 0.73, and an info of development 0.12.
 */
const PRIOR: Readonly<Record<string, number>> = {
  bias: 0.2,
  'severity=critical': 1.4,
  'severity=warning': 0,
  'severity=info': -1.2,
  'environment=production': 0.8,
  'environment=unknown': 0.8,
  'environment=staging': -0.4,
  'environment=development': -1,
  'environment=testing': -1,
  'history=usually_relevant': 0.8,
  'history=usually_noise': -0.8,
};

export function priorOf(feature: string): number {
  return Object.hasOwn(PRIOR, feature) ? PRIOR[feature]! : 0;
}
