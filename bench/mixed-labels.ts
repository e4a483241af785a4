/** How many teams, services and clusters the mixed load comes from. post.lua counts alike. */
export const TEAMS = 50;
export const SERVICES = 40;
export const CLUSTERS = 5;
export const ENVIRONMENTS = ['prod', 'staging', 'dev', 'test'] as const;
const SEVERITIES = ['critical', 'warning', 'warning', 'info'] as const;

/** Labels of the alert with a number: 200 namespaces of 50 teams, as a company of some size has them. */
export function mixedLabels(number: number): Readonly<Record<string, string>> {
  const team = `team-${number % TEAMS}`;
  const environment = ENVIRONMENTS[Math.floor(number / TEAMS) % ENVIRONMENTS.length]!;
  return {
    severity: SEVERITIES[number % SEVERITIES.length]!,
    namespace: `${team}-${environment}`,
    team,
    service: `service-${number % SERVICES}`,
    cluster: `cluster-${number % CLUSTERS}`,
  };
}
