import { Type } from '@signalbox/sdk';
import type { TOptional, TString } from 'typebox';
import { DELIVERY_THREADS, ROLES } from '../model/settings.ts';
import {
  choice,
  DEFAULT_TEXT,
  duration,
  EXPECTS,
  listenAddress,
  oneOrMore,
  positiveDuration,
  secretText,
  section,
  size,
  text,
} from './schema-fields.ts';

const MIN_TLS = ['TLSv1.2', 'TLSv1.3'] as const;

export const tlsVersion = (description: string) => choice(MIN_TLS, { description, default: 'TLSv1.3' });

const tls = section(
  {
    cert_file: text({
      description: 'Certificate chain in PEM. Read again when it changes.',
      examples: ['/etc/signalbox/tls.crt'],
    }),
    key_file: text({
      description: 'Private key of the certificate in PEM.',
      examples: ['/etc/signalbox/tls.key'],
    }),
    client_ca_file: Type.Optional(
      text({
        description:
          'Authorities of client certificates in PEM. Certificates are asked for when it is set, and demanded by endpoints with `auth: { mtls: … }`.',
        examples: ['/etc/signalbox/clients-ca.crt'],
      }),
    ),
    min_version: tlsVersion('The oldest version of TLS that is accepted.'),
  },
  {
    description:
      'Serves HTTPS instead of HTTP. Relative paths start at the folder of the file that names them.',
  },
);

export const server = section(
  {
    listen: listenAddress({
      description:
        'Where webhooks and the API are served. Beyond loopback, every source needs `auth` and the API needs `api_tokens`.',
      default: '127.0.0.1:8080',
      examples: ['0.0.0.0:8080'],
    }),
    tls: Type.Optional(tls),
    roles: Type.Array(choice(ROLES, { description: 'A part of the work.' }), {
      description:
        'What this node does: `intake` takes signals, `process` decides, `deliver` sends, `api` answers people. Fewer than all need `storage.url` and `journal.url`.',
      default: [...ROLES],
      minItems: 1,
      uniqueItems: true,
      examples: [['intake', 'api']],
    }),
    node_id: Type.Optional(
      text({
        description: 'The name of this node among those that share a store; it stays the same over restarts.',
        [DEFAULT_TEXT]: 'host name and port',
        pattern: '^[A-Za-z0-9._-]{1,100}$',
        [EXPECTS]: 'up to 100 letters, digits, dots, dashes and underscores',
        examples: ['hub-1'],
      }),
    ),
    health_listen: Type.Optional(
      listenAddress({
        description: 'A second, plain listener that serves nothing but `/livez`, `/readyz` and `/metrics`.',
        examples: ['0.0.0.0:9090'],
      }),
    ),
    trusted_proxies: Type.Array(text({ description: 'An IP address or a network in CIDR notation.' }), {
      description: 'Proxies whose `X-Forwarded-For` is believed.',
      default: [],
      examples: [['10.0.0.0/8']],
    }),
    api_tokens: oneOrMore(secretText, {
      description:
        'Bearer tokens of the API; two during a rotation. Without any the API answers on loopback only.',
      default: [],
      examples: ['${env:SIGNALBOX_API_TOKEN}'],
      [EXPECTS]: 'a token or a list of tokens',
    }),
    external_url: Type.Optional(
      text({
        description: 'Where people and vendors reach this hub; it stands in links of notifications.',
        pattern: '^https?://[^\\s?#]+$',
        [EXPECTS]: 'a URL that begins with https:// or http://',
        [DEFAULT_TEXT]: '`http://` or `https://` and the address of `listen`',
        examples: ['https://signalbox.example.org'],
      }),
    ),
    access_log: Type.Boolean({ description: 'Whether every request gets a line in the log.', default: true }),
    delivery_thread: choice(DELIVERY_THREADS, {
      description:
        'Whether notifications are sent by a thread of their own, beside the one that decides: faster with a second core, and some 20 MB of memory, more under load. `auto` starts it when 20,000 were sent within ten seconds.',
      default: 'auto',
    }),
    drain_delay: duration({
      description:
        'How long a stop goes on serving while `/readyz` already says 503, so that a balancer sends elsewhere before the listener closes. A little more than its health checks take.',
      default: '0s',
      examples: ['5s'],
    }),
    shutdown_timeout: positiveDuration({
      description:
        'How long a stop may take. What is not delivered by then stays in the journal and goes on after the next start.',
      default: '25s',
    }),
  },
  { description: 'The listeners.', default: {} },
);

const retention = section(
  {
    journal: duration({ description: 'Signals after they were processed.', default: '3d' }),
    alerts: duration({ description: 'Alerts after they were resolved.', default: '30d' }),
    incidents: duration({ description: 'Incidents after they were closed.', default: '90d' }),
    notifications: duration({
      description: 'Notifications with their deliveries and attempts after they were settled.',
      default: '30d',
    }),
    receipts: duration({ description: 'Receipts of signals.', default: '7d' }),
    inputs: duration({ description: 'Recorded inputs for replay and back-tests.', default: '3d' }),
    quarantine: duration({ description: 'Signals that could not be read.', default: '30d' }),
    changes: duration({ description: 'Changes that a client of the stream can resume from.', default: '1d' }),
    silences: duration({
      description: 'Silences and maintenance windows after they have ended.',
      default: '5d',
    }),
    namespaces: duration({
      description: 'What happened to namespaces, and namespaces after they were deleted.',
      default: '400d',
    }),
    approvals: duration({
      description: 'Approvals after they were decided and what they allow is done.',
      default: '90d',
    }),
    workflow_runs: duration({ description: 'Runs of workflows after they have ended.', default: '90d' }),
  },
  {
    description: 'How long things are kept after they are done. What is open is never removed.',
    default: {},
  },
);

type PublishedKey = 'alerts' | 'vpa_events' | 'nap_events' | 'conflicts';

const PUBLISHED: readonly (readonly [PublishedKey, string])[] = [
  ['alerts', 'changes of alerts'],
  ['vpa_events', 'changes of scaling; nothing yet'],
  ['nap_events', 'changes of network addresses and policies; nothing yet'],
  ['conflicts', 'conflicts between systems; nothing yet'],
];

const POSTGRES_URL = '^postgres(ql)?://';

export const storage = section(
  {
    path: text({
      description: 'The data folder. A relative path starts at the working directory.',
      default: './data',
      examples: ['/var/lib/signalbox'],
    }),
    url: Type.Optional(
      secretText({
        description:
          'A PostgreSQL database that several nodes share, in place of the file in the data folder. Several hosts are tried in turn.',
        pattern: POSTGRES_URL,
        [EXPECTS]: 'an address such as postgres://signalbox@db-1,db-2/signalbox',
        examples: ['postgres://signalbox:${env:PGPASSWORD}@db-1,db-2/signalbox'],
      }),
    ),
    read_url: Type.Optional(
      secretText({
        description: 'A replica of it that answers people’s queries.',
        pattern: POSTGRES_URL,
        [EXPECTS]: 'an address such as postgres://signalbox@replica/signalbox',
        examples: ['postgres://signalbox:${env:PGPASSWORD}@replica/signalbox'],
      }),
    ),
    retention,
  },
  { description: 'Where state is kept, and for how long.', default: {} },
);

export const journal = section(
  {
    url: Type.Optional(
      secretText({
        description:
          'Where several nodes share the signals that are not processed yet, in place of the file in the data folder: a PostgreSQL database, which may be that of `storage.url`, or for volume an Apache Kafka cluster with the prefix of its topics. `?partitions=` says how many partitions a new journal gets (16 and 32). Needs `storage.url`.',
        pattern: '^(kafka|postgres(ql)?)://',
        [EXPECTS]:
          'an address such as postgres://signalbox@db-1,db-2/signalbox or kafka://k1:9092,k2:9092/signalbox',
        examples: [
          'postgres://signalbox:${env:PGPASSWORD}@db-1,db-2/signalbox',
          'kafka://hub@k1:9093,k2:9093/signalbox?sasl=scram-sha-512&tls=true&password_file=/run/secrets/kafka',
        ],
      }),
    ),
    publish: section(
      Object.fromEntries(
        PUBLISHED.map(([topic, content]) => [
          topic,
          Type.Optional(
            text({
              description: `The topic that others can follow for ${content}.`,
              [DEFAULT_TEXT]: `the journal’s prefix and \`-${topic.replaceAll('_', '-')}\``,
              pattern: '^[A-Za-z0-9._-]{1,249}$',
              [EXPECTS]: 'up to 249 letters, digits, dots, dashes and underscores',
              examples: [topic.replaceAll('_', '-')],
            }),
          ),
        ]),
      ) as Record<PublishedKey, TOptional<TString>>,
      {
        description:
          'Names of the topics on which the hub publishes CloudEvents for others, with a Kafka journal (VPA-104).',
        default: {},
      },
    ),
    max_bytes: size({
      description:
        'How large the journal may grow. Beyond it signals are answered with 503 until space is free; what is not processed is never removed.',
      default: '10GiB',
    }),
  },
  { description: 'The durable queue of what came in.', default: {} },
);

export const log = section(
  {
    level: choice(['debug', 'info', 'warn', 'error'], {
      description: 'The least important lines that are written.',
      default: 'info',
    }),
    format: choice(['auto', 'json', 'logfmt', 'pretty'], {
      description:
        '`json` lines or `logfmt` for machines, or `pretty` text for people; `auto` is text on a terminal and JSON elsewhere.',
      default: 'auto',
    }),
  },
  { description: 'The log on standard error.', default: {} },
);

export const watchdog = section(
  {
    last_resort: Type.Optional(
      text({
        description:
          'The integration that gets the alarms of the hub itself, past journal and store. Without it they are only logged.',
        examples: ['pager'],
      }),
    ),
    lag: positiveDuration({ description: 'How old the oldest unprocessed signal may be.', default: '60s' }),
    undelivered: positiveDuration({ description: 'How long a delivery may wait.', default: '5m' }),
    full_ratio: Type.Number({
      description: 'The share of `journal.max_bytes` from which on the journal counts as filling up.',
      exclusiveMinimum: 0,
      maximum: 1,
      default: 0.8,
    }),
  },
  { description: 'When the hub raises an alarm about itself.', default: {} },
);
