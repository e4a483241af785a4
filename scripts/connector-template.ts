/** The files of a new connector by their path in its folder. They pass the conformance kit as they are. */
export function connectorFiles(id: string, title: string): Readonly<Record<string, string>> {
  return {
    'index.ts': INDEX(id, title),
    'config.ts': CONFIG,
    'source.ts': SOURCE,
    'notifier.ts': NOTIFIER,
    'enricher.ts': ENRICHER,
    [`${id}.test.ts`]: TEST,
    'README.md': README(id, title),
    'fixtures/source/firing/request.json': json({
      body: {
        state: 'open',
        name: 'DiskFull',
        host: 'db-1',
        text: 'Disk is 97 % full',
        opened_at: '2026-01-01T00:00:00Z',
      },
    }),
    'fixtures/source/firing/expected.json': json([
      {
        status: 'firing',
        labels: { alertname: 'DiskFull', host: 'db-1' },
        annotations: { summary: 'Disk is 97 % full' },
        startsAt: '2026-01-01T00:00:00Z',
      },
    ]),
    'fixtures/source/without-name/request.json': json({ body: { state: 'open' } }),
    'fixtures/source/without-name/expected.json': json({ fault: { code: 'SB_REJECTED', field: 'name' } }),
    'fixtures/notifier/firing/notification.json': json(NOTIFICATION),
    'fixtures/notifier/firing/request.json': json({
      method: 'POST',
      path: '/messages',
      headers: {
        authorization: 'Bearer test-t0ken',
        'content-type': 'application/json',
        'idempotency-key': 'test-delivery',
      },
      body: {
        status: 'firing',
        text: '[FIRING:1] DiskFull · db-1\nDiskFull\nhost=db-1\nsince 2026-01-01 00:00:00 UTC (10s)\nto on-call',
      },
    }),
    'fixtures/enricher/known-host/alert.json': json({ labels: { alertname: 'DiskFull', host: 'db/1' } }),
    'fixtures/enricher/known-host/request.json': json({
      method: 'GET',
      path: '/hosts/db%2F1',
      headers: { authorization: 'Bearer test-t0ken' },
    }),
    'fixtures/enricher/known-host/response.json': json({ body: { owner: 'team-disk', id: 7 } }),
    'fixtures/enricher/known-host/expected.json': json({ owner: 'team-disk' }),
    'fixtures/enricher/no-host/alert.json': json({ labels: { alertname: 'DiskFull' } }),
  };
}

const json = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`;

const INDEX = (id: string, title: string) => `import { defineConnector } from '@signalbox/sdk';
import { config } from './config.ts';
import { enricher } from './enricher.ts';
import { notifier } from './notifier.ts';
import { source } from './source.ts';

export default defineConnector({
  id: '${id}',
  title: '${title}',
  summary: 'Takes alerts from ${title}, sends notifications to it and asks it what it knows of alerts.',
  version: '0.1.0',
  config,
  source,
  notifier,
  enricher,
  async probe({ config: { url, token }, http }) {
    await http.request({ method: 'GET', url: \`\${url}/status\`, headers: { authorization: \`Bearer \${token}\` } });
  },
});
`;

const CONFIG = `import { secret, Type, type Static } from '@signalbox/sdk';

export const config = Type.Object({
  url: Type.String({
    description: 'Address of the API, without a trailing slash.',
    format: 'uri',
    examples: ['https://vendor.example/api'],
  }),
  token: secret({ description: 'Token that may post messages.', examples: ['\${env:VENDOR_TOKEN}'] }),
});

export type Config = Static<typeof config>;
`;

const SOURCE = `import { Fault, Type, validateConfig, type Source } from '@signalbox/sdk';
import type { Config } from './config.ts';

const body = Type.Object(
  {
    state: Type.Enum(['open', 'closed']),
    name: Type.String({ minLength: 1 }),
    host: Type.Optional(Type.String({ minLength: 1 })),
    text: Type.Optional(Type.String()),
    opened_at: Type.Optional(Type.String({ format: 'date-time' })),
  },
  { additionalProperties: true },
);

export const source: Source<Config> = {
  parse(request) {
    const result = validateConfig(body, request.body);
    if (!result.ok) {
      const [problem] = result.problems;
      throw new Fault('SB_REJECTED', \`\${problem?.path} \${problem?.message}\`, { field: problem?.path ?? '' });
    }
    const { state, name, host, text, opened_at: startsAt } = result.config;
    return [
      {
        status: state === 'open' ? 'firing' : 'resolved',
        labels: { alertname: name, ...(host === undefined ? {} : { host }) },
        annotations: text === undefined ? {} : { summary: text },
        ...(startsAt === undefined ? {} : { startsAt }),
      },
    ];
  },
};
`;

const NOTIFIER = `import { leftOutText, wordingOf, type AlertWording, type Notification, type Notifier } from '@signalbox/sdk';
import type { Config } from './config.ts';

export const notifier: Notifier<Config> = {
  idempotency: 'key',

  async deliver(notification, { config, http }) {
    const { status } = await http.request({
      method: 'POST',
      url: \`\${config.url}/messages\`,
      headers: { authorization: \`Bearer \${config.token}\` },
      body: bodyOf(notification),
      idempotencyHeader: 'idempotency-key',
    });
    return { summary: \`answered \${status}\` };
  },

  render: (notification) => ({ contentType: 'application/json', body: JSON.stringify(bodyOf(notification)) }),
};

function bodyOf(notification: Notification): { status: string; text: string } {
  const { status, title, asked, alerts, footer } = wordingOf(notification, { maxAlerts: 10 });
  const leftOut = leftOutText(notification, alerts.length);
  const lines = [title, ...asked, ...alerts.flatMap(linesOf), leftOut, footer.join(' · ')];
  return { status, text: lines.filter((line) => line !== '').join('\\n') };
}

function linesOf(alert: AlertWording): string[] {
  return [
    \`\${alert.heading} \${alert.beside}\`.trim(),
    alert.description,
    alert.labels.map(([name, value]) => \`\${name}=\${value}\`).join(' '),
    alert.known.map(([name, value]) => \`\${name}: \${value}\`).join(', '),
    ...alert.found,
    alert.times,
    ...alert.links.map((link) => \`\${link.title}: \${link.url}\`),
  ];
}
`;

const ENRICHER = `import { Fault, validateConfig, Type, type Enricher } from '@signalbox/sdk';
import type { Config } from './config.ts';

const known = Type.Object({ owner: Type.String() }, { additionalProperties: true });

export const enricher: Enricher<Config> = {
  cacheKey: ({ labels }) => labels['host'],

  async enrich({ labels }, { config, http }) {
    const answer = await http.request({
      method: 'GET',
      url: \`\${config.url}/hosts/\${encodeURIComponent(labels['host'] ?? '')}\`,
      headers: { authorization: \`Bearer \${config.token}\` },
    });
    const result = validateConfig(known, answer.json());
    if (!result.ok) throw new Fault('SB_UNAVAILABLE', 'the answer does not say who owns the host');
    return { owner: result.config.owner };
  },
};
`;

const TEST = `import { conformance } from '@signalbox/sdk/testing';
import connector from './index.ts';

conformance(connector, { dir: import.meta.dirname, config: (url) => ({ url, token: 'test-t0ken' }) });
`;

const README = (id: string, title: string) => `# ${title}

Takes alerts from ${title} and sends notifications to it.

## Set up

1. Create a token at ${title} and put it into the environment of Signalbox.
2. Add the integration:

\`\`\`yaml
integrations:
  my-${id}:
    connector: ${id}
    config: { url: "https://vendor.example/api", token: "\${env:VENDOR_TOKEN}" }
\`\`\`

<!-- generated:config -->
<!-- /generated -->

## Least privileges

The token needs to post messages and to read the status, nothing else.

## Troubleshooting

| what you see | what to do |
|---|---|
| the credentials are refused (401, 403) | create a new token; the old one was revoked or may not post |
`;

const NOTIFICATION = {
  id: 'n_1',
  tenant: 'default',
  groupId: 'g_1',
  groupKey: '{}:{alertname="DiskFull"}',
  generation: 1,
  receiver: 'on-call',
  status: 'firing',
  priority: 'critical',
  groupLabels: { alertname: 'DiskFull' },
  commonLabels: { alertname: 'DiskFull', host: 'db-1' },
  commonAnnotations: {},
  alerts: [
    {
      status: 'firing',
      fingerprint: '0123456789abcdef',
      labels: { alertname: 'DiskFull', host: 'db-1' },
      annotations: {},
      startsAt: '2026-01-01T00:00:00Z',
    },
  ],
  truncatedAlerts: 0,
  createdAt: '2026-01-01T00:00:10Z',
  late: false,
  externalURL: 'http://localhost:8080',
};
