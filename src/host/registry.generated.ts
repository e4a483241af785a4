// Written by scripts/gen.ts; do not edit. To renew it: node scripts/gen.ts

/** How each built-in connector is loaded. */
export const registry: Readonly<Record<string, () => Promise<{ readonly default: unknown }>>> = {
  'alertmanager': () => import('../../connectors/alertmanager/index.ts'),
  'cloudevents': () => import('../../connectors/cloudevents/index.ts'),
  'console': () => import('../../connectors/console/index.ts'),
  'discord': () => import('../../connectors/discord/index.ts'),
  'email': () => import('../../connectors/email/index.ts'),
  'generic': () => import('../../connectors/generic/index.ts'),
  'grafana': () => import('../../connectors/grafana/index.ts'),
  'http-lookup': () => import('../../connectors/http-lookup/index.ts'),
  'kubernetes': () => import('../../connectors/kubernetes/index.ts'),
  'ldap': () => import('../../connectors/ldap/index.ts'),
  'msteams': () => import('../../connectors/msteams/index.ts'),
  'openai': () => import('../../connectors/openai/index.ts'),
  'pagerduty': () => import('../../connectors/pagerduty/index.ts'),
  'prometheus': () => import('../../connectors/prometheus/index.ts'),
  'scim': () => import('../../connectors/scim/index.ts'),
  'slack': () => import('../../connectors/slack/index.ts'),
  'table': () => import('../../connectors/table/index.ts'),
  'telegram': () => import('../../connectors/telegram/index.ts'),
  'webhook': () => import('../../connectors/webhook/index.ts'),
  'workflow-http': () => import('../../connectors/workflow-http/index.ts'),
};
