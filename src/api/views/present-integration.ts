import { Type, type Static } from '@signalbox/sdk';
import type { Integration, IntegrationHealth } from '../../host/integration.ts';
import type { EndpointSettings } from '../../model/settings.ts';
import { faultSchema } from './present-delivery.ts';
import { rfc3339, rfc3339OrNothing } from './rfc3339.ts';
import { oneOf, ref, tenantName, timestamp } from './schema.ts';

export const integrationHealthSchema = Type.Object(
  {
    status: oneOf(
      ['unknown', 'healthy', 'degraded', 'misconfigured', 'refused'],
      '`unknown` before the first call. `refused`: its credentials were.',
    ),
    since: Type.Optional(timestamp('Since when the status is so.')),
    successes: Type.Integer({
      minimum: 0,
      description: 'Calls that went well since the configuration was loaded.',
    }),
    failures: Type.Integer({
      minimum: 0,
      description: 'Calls that failed since the configuration was loaded.',
    }),
    last_fault: Type.Optional(
      Type.Object({ code: Type.String(), message: Type.String(), at: timestamp('When it happened.') }),
    ),
  },
  { $id: 'IntegrationHealth', description: 'How the calls to one external system went lately.' },
);
export type IntegrationHealthView = Static<typeof integrationHealthSchema>;

const endpointSchema = Type.Object({
  paths: Type.Array(Type.String(), { description: 'Where it takes signals.', examples: [['/hooks/prom']] }),
  auth: Type.Array(Type.String(), {
    description: 'Kinds of authentication asked for.',
    examples: [['bearer']],
  }),
  body_bytes: Type.Integer({ description: 'Largest body taken.' }),
  timeout_ms: Type.Integer({ description: 'From the first byte of a request to its last.' }),
  rate_per_second: Type.Optional(Type.Number({ description: 'Sustained rate; absent when not limited.' })),
  pass_headers: Type.Array(Type.String()),
});

export const integrationSchema = Type.Object(
  {
    id: Type.String({ examples: ['pager'] }),
    connector: Type.String({ examples: ['webhook'] }),
    tenant: tenantName,
    capabilities: Type.Array(Type.String(), { examples: [['notifier', 'probe']] }),
    health: ref(integrationHealthSchema),
    config: Type.Unsafe<Readonly<Record<string, unknown>>>({
      type: 'object',
      additionalProperties: true,
      description: 'The settings in force; secrets are replaced.',
    }),
    endpoint: Type.Optional(endpointSchema),
    fallback: Type.Array(Type.String(), {
      description: 'Integrations tried in turn when this one can’t deliver.',
    }),
  },
  { $id: 'Integration', description: 'One configured instance of a connector.' },
);
export type IntegrationView = Static<typeof integrationSchema>;

export const callResultSchema = Type.Object(
  {
    ok: Type.Boolean({ description: 'Whether the external system took the call.' }),
    summary: Type.Optional(Type.String({ description: 'What it said.', examples: ['202 Accepted'] })),
    vendor_id: Type.Optional(Type.String({ description: 'Its own id of the message.' })),
    fault: Type.Optional(ref(faultSchema)),
    health: ref(integrationHealthSchema),
  },
  { $id: 'CallResult', description: 'What came of a probe or of a test notification.' },
);
export type CallResultView = Static<typeof callResultSchema>;

/** `config` is already redacted: this function does not know which settings are secret. */
export function presentIntegration(
  integration: Integration,
  redactedConfig: Readonly<Record<string, unknown>>,
): IntegrationView {
  const { settings, connector } = integration;
  return {
    id: integration.id,
    connector: connector.id,
    tenant: settings.tenant,
    capabilities: capabilitiesOf(connector),
    health: presentHealth(integration.health),
    config: redactedConfig,
    ...(settings.endpoint && { endpoint: presentEndpoint(settings.endpoint) }),
    fallback: [...settings.delivery.fallback],
  };
}

export function presentHealth(health: IntegrationHealth): IntegrationHealthView {
  const since = rfc3339OrNothing(health.since);
  return {
    status: health.status,
    ...(since !== undefined && { since }),
    successes: health.successes,
    failures: health.failures,
    ...(health.lastFault && {
      last_fault: {
        code: health.lastFault.code,
        message: health.lastFault.message,
        at: rfc3339(health.lastFault.at),
      },
    }),
  };
}

/** What a connector can do; a capability exists because its functions exist. */
export function capabilitiesOf(connector: Integration['connector']): string[] {
  return (
    [
      'source',
      'notifier',
      'enricher',
      'filter',
      'directory',
      'analyst',
      'scorer',
      'workflow',
      'probe',
    ] as const
  ).filter((capability) => connector[capability] !== undefined);
}

function presentEndpoint(endpoint: EndpointSettings): Static<typeof endpointSchema> {
  const rate = endpoint.limits.ratePerSecond;
  return {
    paths: [...endpoint.paths],
    auth: endpoint.auth.map((auth) => auth.kind),
    body_bytes: endpoint.limits.bodyBytes,
    timeout_ms: endpoint.limits.timeoutMs,
    ...(Number.isFinite(rate) && { rate_per_second: rate }),
    pass_headers: [...endpoint.passHeaders],
  };
}
