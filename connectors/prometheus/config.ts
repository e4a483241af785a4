import { secret, TEMPLATE_MEDIA_TYPE, Type, type Static } from '@signalbox/sdk';

/** A duration as Prometheus writes it, in one unit. */
const DURATION = '^[1-9][0-9]{0,5}(s|m|h|d)$';

const query = Type.Object(
  {
    query: Type.String({
      description:
        'PromQL, a template over the alert. Values stand in double quotes and are escaped for them; inside them Liquid’s own texts take single quotes. `| regex` makes a value a literal for `=~`. An alert without a label that it names is not asked about.',
      // Outside double quotes a value could be more than a value.
      pattern:
        '^(?:[^"{]|\\{(?!\\{|%)|\\{%-?\\s*(?:(?:end)?(?:if|unless|case)|elsif|else|when)\\b[^%]*%\\}|"(?:[^"\\\\]|\\\\.)*")*$',
      minLength: 1,
      maxLength: 4_096,
      contentMediaType: TEMPLATE_MEDIA_TYPE,
      examples: ['sum(rate(http_requests_total{service="{{ labels.service }}"}[5m]))'],
    }),
    range: Type.Optional(
      Type.String({
        description: 'Look at this long before now instead of at now only, as 30 points at most.',
        pattern: DURATION,
        examples: ['1h'],
      }),
    ),
  },
  { description: 'One query.', additionalProperties: false },
);

export const config = Type.Object({
  url: Type.String({
    description:
      'Address of Prometheus, or of what speaks its query API (Thanos, Mimir, VictoriaMetrics), without `/api/v1`.',
    pattern: '^https?://[^?#\\s@]+$',
    maxLength: 2_000,
    examples: ['https://prometheus.example.org'],
  }),
  bearer_token: Type.Optional(
    secret({ description: 'Sent as `Authorization: Bearer …`.', examples: ['${env:PROMETHEUS_TOKEN}'] }),
  ),
  username: Type.Optional(
    Type.String({ description: 'For basic authentication, with `password`.', examples: ['signalbox'] }),
  ),
  password: Type.Optional(
    secret({ description: 'For basic authentication.', examples: ['${env:PROMETHEUS_PASSWORD}'] }),
  ),
  tenant: Type.Optional(
    Type.String({
      description: 'Sent as `X-Scope-OrgID`, which Mimir and Cortex ask for.',
      pattern: '^[A-Za-z0-9._|-]{1,150}$',
      examples: ['team-a'],
    }),
  ),
  queries: Type.Record(Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_-]{0,63}$' }), query, {
    description: 'What is asked about an alert, by the name that the answer gets.',
    minProperties: 1,
    maxProperties: 10,
    additionalProperties: false,
    examples: [
      { cpu: { query: 'rate(container_cpu_usage_seconds_total{pod="{{ labels.pod }}"}[5m])', range: '1h' } },
    ],
  }),
  max_series: Type.Integer({
    description: 'How many series of one query are taken.',
    minimum: 1,
    maximum: 50,
    default: 5,
    examples: [10],
  }),
});

export type PrometheusConfig = Static<typeof config>;
export type QueryConfig = PrometheusConfig['queries'][string];
