import { Type } from '@signalbox/sdk';
import { auth } from './schema-auth.ts';
import {
  choice,
  DEFAULT_TEXT,
  duration,
  EXPECTS,
  ID_EXPECTS,
  ID_PATTERN,
  oneOrMore,
  positiveDuration,
  section,
  size,
  text,
  TYPE_NAME,
} from './schema-fields.ts';
import { tlsVersion } from './schema-server.ts';

const PATH = { pattern: '^/[A-Za-z0-9._~/-]+$', [EXPECTS]: 'a path such as /hooks/prom' };

const path = (options: Parameters<typeof text>[0]) => text({ ...PATH, ...options });

const rate = Type.Union(
  [Type.Number({ exclusiveMinimum: 0 }), choice(['unlimited'], { description: 'No limit.' })],
  {
    description:
      'Requests per second from all senders together, or `unlimited`. More get 429 with `Retry-After`.',
    default: 50_000,
    [EXPECTS]: 'a number of requests per second above 0, or unlimited',
    [TYPE_NAME]: 'number or unlimited',
  },
);

const limits = section(
  {
    body: size({ description: 'The largest body, as sent.', default: '1MiB' }),
    inflated: size({ description: 'The largest body after it was decompressed.', default: '8MiB' }),
    depth: Type.Integer({
      description: 'How deep the body may be nested.',
      minimum: 1,
      maximum: 1_000,
      default: 64,
    }),
    timeout: positiveDuration({
      description: 'From the first byte of the request to its last.',
      default: '10s',
    }),
    rate,
    burst: Type.Integer({
      description: 'How many requests may come at once before `rate` counts.',
      minimum: 1,
      default: 100_000,
    }),
  },
  { description: 'What one request, and all together, may cost.', default: {} },
);

const allow = section(
  {
    ips: oneOrMore(text, {
      description: 'IP addresses or networks in CIDR notation; without any, all.',
      default: [],
      examples: [['10.0.0.0/8', '2001:db8::/32']],
    }),
    hosts: oneOrMore(text, {
      description:
        'Host names whose addresses may send; without any, all. They are looked up again from time to time.',
      default: [],
      examples: [['alertmanager.example.org']],
    }),
  },
  { description: 'Who may send, beside `auth`.', default: {} },
);

/** For connectors that receive. */
export const endpointFields = {
  path: Type.Optional(
    path({
      description: 'The path that is answered.',
      [DEFAULT_TEXT]: '`/hooks/` and the id',
      examples: ['/alerts/v4'],
    }),
  ),
  paths: Type.Optional(
    oneOrMore(path, { description: 'Several paths, e.g. of an older version beside the newer one.' }),
  ),
  auth: Type.Optional(auth),
  allow,
  limits,
  headers: Type.Array(text({ description: 'The name of a header.' }), {
    description: 'Request headers that are kept with the event, under `details.headers`.',
    default: [],
    examples: [['X-Region']],
  }),
  delivery_id_header: Type.Optional(
    text({
      description:
        'The header with the sender’s id of the delivery, for senders that the connector does not know it of. The same id twice is a duplicate.',
      examples: ['X-Delivery-Id'],
    }),
  ),
  dedupe_window: duration({
    description:
      'For how long the same delivery is recognised as a duplicate, which refreshes when the alert was last seen and does nothing else. Keep it below the sender’s repeat interval. `0s` switches it off.',
    default: '60s',
  }),
  labels: Type.Record(Type.String(), Type.String(), {
    description: 'Labels that every event gets. They never replace what the sender said.',
    default: {},
    examples: [{ cluster: 'eu-1' }],
  }),
  resolve_after: Type.Optional(
    positiveDuration({
      description:
        'A firing alert that is not repeated for this long counts as resolved. Keep it above the sender’s repeat interval. Without it alerts resolve when the sender says so.',
      examples: ['12h'],
    }),
  ),
  heartbeat: Type.Optional(
    positiveDuration({
      description: 'Silence of this source for this long raises an alarm of the hub itself.',
      examples: ['5m'],
    }),
  ),
};

/** For connectors that deliver. */
export const deliveryFields = {
  rate: Type.Optional(
    section(
      {
        requests: Type.Integer({ description: 'How many requests.', minimum: 1, examples: [30] }),
        per: positiveDuration({ description: 'In which time.', default: '1m' }),
      },
      {
        description: 'The rate at which the vendor is called; otherwise the limit that the connector knows.',
        examples: [{ requests: 30, per: '1m' }],
      },
    ),
  ),
  concurrency: Type.Integer({
    description: 'How many deliveries are under way at once.',
    minimum: 1,
    maximum: 1_000,
    default: 64,
  }),
  timeout: positiveDuration({ description: 'How long one attempt may take.', default: '10s' }),
  retry: section(
    {
      initial: positiveDuration({ description: 'The wait after the first failure.', default: '1s' }),
      factor: Type.Number({
        description: 'By how much the wait grows with each failure.',
        minimum: 1,
        maximum: 10,
        default: 2,
      }),
      max: positiveDuration({
        description: 'The longest wait. What the vendor asks for by `Retry-After` goes before it.',
        default: '1m',
      }),
    },
    { description: 'When a failed delivery is tried again.', default: {} },
  ),
  deadline: positiveDuration({
    description:
      'After this long a delivery is given up: the fallback gets it, else it becomes a dead letter.',
    default: '24h',
  }),
  breaker: section(
    {
      failures: Type.Integer({
        description: 'After so many failures in a row the integration is left alone.',
        minimum: 1,
        default: 5,
      }),
      cooldown: positiveDuration({
        description: 'For how long, before one delivery tries again.',
        default: '30s',
      }),
    },
    { description: 'The circuit breaker.', default: {} },
  ),
  fallback: Type.Optional(
    oneOrMore(text, {
      description: 'Integrations that are tried in turn when this one can’t deliver.',
      examples: [['mail']],
    }),
  ),
  fallback_after: positiveDuration({
    description:
      'A critical delivery goes to the fallback after this long without success, before its deadline.',
    default: '2m',
  }),
  on_unknown: choice(['auto', 'resend', 'drop'], {
    description:
      'What happens when a crash hid whether a delivery arrived. `auto` sends critical and warning again and drops info; `resend` and `drop` do so for all.',
    default: 'auto',
  }),
};

const http = section(
  {
    proxy: Type.Optional(
      text({
        description: 'The proxy for outbound requests.',
        pattern: '^https?://[^\\s]+$',
        [EXPECTS]: 'a URL such as http://proxy:3128',
        examples: ['http://proxy.example.org:3128'],
      }),
    ),
    tls: section(
      {
        min_version: tlsVersion('The oldest version of TLS that is accepted of the vendor.'),
        ca_file: Type.Optional(
          text({ description: 'Authorities that are trusted beside the usual ones, in PEM.' }),
        ),
        cert_file: Type.Optional(text({ description: 'Client certificate in PEM.' })),
        key_file: Type.Optional(text({ description: 'Private key of the client certificate in PEM.' })),
      },
      { description: 'TLS towards the vendor.', default: {} },
    ),
    reach: choice(['any', 'metadata', 'public'], {
      description:
        'Where requests may go: `metadata` refuses link-local addresses such as the metadata services of clouds, `public` refuses private and loopback ones as well, `any` refuses nothing.',
      default: 'metadata',
    }),
  },
  { description: 'The outbound HTTP client.', default: {} },
);

export const integration = section(
  {
    connector: text({
      description: 'The id of the connector, see `signalbox connectors`.',
      examples: ['alertmanager'],
    }),
    title: Type.Optional(
      text({ description: 'What people read instead of the id.', examples: ['Prometheus in Frankfurt'] }),
    ),
    tenant: text({
      description: 'To whom the alerts belong.',
      pattern: ID_PATTERN,
      [EXPECTS]: ID_EXPECTS,
      default: 'default',
    }),
    config: Type.Record(Type.String(), Type.Unknown(), {
      description: 'The settings of the connector; see its page.',
      default: {},
      examples: [{ url: 'https://example.org/hook' }],
    }),
    ...endpointFields,
    ...deliveryFields,
    http,
  },
  { description: 'One configured instance of a connector.' },
);
