import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startAlertmanager } from './alertmanager.ts';
import { startDropIn } from './drop-in.ts';
import { missingPrograms, olderThan, reportVersions } from './program.ts';

/** Routes and receivers with labels, a group that is muted and an alert that is inhibited. */
const CONFIGURATION = `
route:
  receiver: ops
  group_by: [alertname]
  group_wait: 0s
  group_interval: 1h
  labels: { from: root }
  routes:
  - { receiver: team, matchers: ['team="shop"'], continue: true, labels: { kind: '{{ .Status }}' } }
  - { receiver: both, matchers: ['team="shop"'], group_by: [] }
  - { receiver: night, matchers: ['team="pay"'], group_by: [team], mute_time_intervals: [always] }
  - { receiver: every, matchers: ['team="all"'], group_by: ['...'] }
receivers:
- { name: ops, labels: { owner: sre, tier: '1' } }
- { name: team, labels: { owner: shop } }
- name: both
- name: night
- name: every
inhibit_rules:
- { source_matchers: ['alertname="Down"'], target_matchers: ['alertname="Slow"'], equal: [zone] }
time_intervals:
- { name: always, time_intervals: [{ weekdays: ['sunday:saturday'] }] }
`;

interface Step {
  readonly method?: string;
  readonly path: string;
  /** Sent as it is when a text. A name in braces, `{first}`, stands for the id that the step of this name was answered with. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly name?: string;
  /** Where ours is another one. */
  readonly ownStatus?: number;
}

const get = (path: string): Step => ({ path });
const post = (path: string, body: unknown, name?: string): Step => ({
  method: 'POST',
  path,
  body,
  ...(name === undefined ? {} : { name }),
});
const filtered = (path: string, name: string, ...texts: readonly string[]): Step =>
  get(`${path}?${texts.map((text) => `${name}=${encodeURIComponent(text)}`).join('&')}`);

const NOW = Date.now();
const at = (minutes: number): string => new Date(NOW + minutes * 60_000).toISOString();
const SILENCE = {
  matchers: [{ name: 'alertname', value: 'Disk', isRegex: false, isEqual: true }],
  startsAt: at(-1),
  endsAt: at(60),
  createdBy: 'ada',
  comment: 'known',
};
const matcher = (name: string, value: string, more: object = {}) => ({
  ...SILENCE,
  matchers: [{ name, value, isRegex: false, isEqual: true, ...more }],
});

const STEPS: readonly Step[] = [
  get('/alerts'),
  get('/alerts/groups'),
  get('/silences'),
  get('/receivers'),
  filtered('/receivers', 'receiver_matchers', 'owner="sre"'),
  filtered('/receivers', 'receiver_matchers', 'owner=""'),
  filtered('/receivers', 'receiver_matchers', 'owner=~"s.*"', 'tier!="1"'),
  filtered('/receivers', 'receiver_matchers', '='),
  post('/alerts', [
    {
      labels: { alertname: 'Disk', empty: '' },
      annotations: { summary: 'full', none: '' },
      startsAt: at(-5),
    },
    { labels: { alertname: 'Slow', team: 'shop', zone: 'a' }, startsAt: at(-4), endsAt: at(30) },
    {
      labels: { alertname: 'Slow', team: 'pay', zone: 'b' },
      startsAt: at(-4),
      generatorURL: 'http://p/g?a=b',
    },
    { labels: { alertname: 'Slow', team: 'shop', zone: 'c', job: 'x' }, startsAt: at(-4), endsAt: at(30) },
    {
      labels: { alertname: 'Slow', team: 'shop', zone: 'd', instance: 'y' },
      startsAt: at(-4),
      endsAt: at(30),
    },
    { labels: { alertname: 'Down', zone: 'a' }, startsAt: at(-3) },
    { labels: { alertname: 'All', team: 'all', 'with space': 'ü"\\' }, startsAt: at(-2) },
    { labels: { alertname: 'Over' }, startsAt: at(-9), endsAt: at(-1) },
  ]),
  // What of a request is invalid is refused, and the rest of it taken.
  post('/alerts', [
    { labels: {}, startsAt: at(-1) },
    { labels: { alertname: 'Rest' }, startsAt: at(-1) },
    { labels: { alertname: 'Odd' }, startsAt: at(2), endsAt: at(1) },
    { labels: { '': 'x' }, startsAt: at(-1) },
  ]),
  post('/alerts', []),
  post('/alerts', '['),
  post('/alerts', {}),
  { ...post('/alerts', [{ annotations: {} }]), ownStatus: 400 },
  post('/alerts', [{ labels: { a: 1 } }]),
  post('/alerts', [{ labels: { a: 'b' }, startsAt: 'yesterday' }]),
  { ...post('/alerts', '[]'), headers: { 'content-type': 'text/plain' } },
  get('/alerts'),
  get('/alerts/groups'),
  ...['/alerts', '/alerts/groups'].flatMap((path) => [
    filtered(path, 'filter', 'alertname="Slow"'),
    filtered(path, 'filter', 'alertname="Slow"', 'team!="pay"'),
    filtered(path, 'filter', 'alertname=Slow'),
    filtered(path, 'filter', 'team=""'),
    filtered(path, 'filter', 'team!=""'),
    filtered(path, 'filter', 'team=~""'),
    filtered(path, 'filter', 'team!~""'),
    filtered(path, 'filter', '"with space"=~".+"'),
    filtered(path, 'filter', '{alertname="Slow"}'),
    filtered(path, 'filter', '{alertname="Slow",team="pay"}'),
    filtered(path, 'filter', 'alertname="Slow",team="pay"'),
    filtered(path, 'filter', 'alertname=~"("'),
    filtered(path, 'filter', 'alertname'),
    filtered(path, 'filter', ''),
    filtered(path, 'receiver', 'te.*'),
    filtered(path, 'receiver', 'te'),
    filtered(path, 'receiver', ''),
    filtered(path, 'receiver', '('),
    filtered(path, 'receiver', 'ops|night'),
    filtered(path, 'receiver_matchers', 'owner="shop"'),
    filtered(path, 'receiver_matchers', 'owner!="shop"'),
    filtered(path, 'receiver_matchers', 'owner="shop"', 'owner="sre"'),
    filtered(path, 'receiver_matchers', 'owner~'),
    get(`${path}?active=false`),
    get(`${path}?inhibited=false`),
    get(`${path}?silenced=false&inhibited=false`),
    get(`${path}?active=maybe`),
    get(`${path}?unknown=1`),
  ]),
  get('/alerts?unprocessed=false'),
  get('/alerts/groups?muted=false'),
  post('/silences', SILENCE, 'first'),
  post('/silences', { ...matcher('team', 'shop|x', { isRegex: true }), endsAt: at(61) }, 'second'),
  post(
    '/silences',
    { ...matcher('team', 'pay'), startsAt: at(10), annotations: { ticket: 'T-1' } },
    'pending',
  ),
  get('/alerts'),
  get('/alerts/groups'),
  get('/alerts?silenced=false'),
  get('/alerts/groups?silenced=false'),
  get('/alerts/groups?active=false'),
  get('/silences'),
  get('/silence/{first}'),
  get('/silence/{pending}'),
  get('/silences?active=false'),
  get('/silences?pending=false'),
  get('/silences?expired=false'),
  get('/silences?active=x'),
  filtered('/silences', 'filter', 'alertname="Disk"'),
  filtered('/silences', 'filter', 'alertname="Slow"'),
  filtered('/silences', 'filter', 'alertname=~"Disk"'),
  filtered('/silences', 'filter', 'alertname!="Slow"'),
  filtered('/silences', 'filter', 'team=~"shop|x"'),
  filtered('/silences', 'filter', 'team="shop"'),
  filtered('/silences', 'filter', 'missing=""'),
  filtered('/silences', 'filter', 'alertname='),
  filtered('/silences', 'filter', '{'),
  // In place, replaced, and of no use.
  post('/silences', { ...SILENCE, id: '{first}', endsAt: at(120) }, 'same'),
  post('/silences', { ...SILENCE, id: '{first}', endsAt: at(120), comment: 'longer' }, 'same'),
  post('/silences', { ...matcher('alertname', 'Other'), id: '{first}', endsAt: at(62) }, 'third'),
  post('/silences', { ...SILENCE, id: '{first}', endsAt: at(63) }, 'fourth'),
  post('/silences', { ...SILENCE, id: '{pending}', startsAt: at(20) }, 'fifth'),
  post('/silences', { ...SILENCE, id: '00000000-0000-4000-8000-000000000000' }),
  post('/silences', { ...SILENCE, id: 'none' }),
  post('/silences', { ...SILENCE, startsAt: at(-600), endsAt: at(64) }, 'early'),
  post('/silences', { ...SILENCE, matchers: [] }),
  post('/silences', { ...SILENCE, endsAt: at(-2) }),
  post('/silences', { ...SILENCE, startsAt: at(-30), endsAt: at(-20) }),
  post('/silences', { ...SILENCE, endsAt: SILENCE.startsAt }),
  post('/silences', { ...SILENCE, endsAt: 'tomorrow' }),
  post('/silences', { ...SILENCE, endsAt: undefined }),
  post('/silences', { ...SILENCE, createdBy: undefined }),
  post('/silences', { ...SILENCE, comment: undefined }),
  post('/silences', { ...SILENCE, createdBy: '', comment: '', endsAt: at(65) }, 'anonymous'),
  post('/silences', { ...SILENCE, matchers: undefined }),
  post('/silences', matcher('a', '')),
  post('/silences', matcher('a', '.*', { isRegex: true })),
  post('/silences', matcher('a', '(', { isRegex: true })),
  post('/silences', matcher('', 'x')),
  post('/silences', { ...matcher('a', 'x', { isEqual: false }), endsAt: at(66) }),
  post('/silences', matcher('a', 'x', { isRegex: undefined })),
  post('/silences', matcher('a', 'x', { isRegex: 'no' })),
  post('/silences', { ...matcher('with space', 'ü'), endsAt: at(67) }, 'utf8'),
  post('/silences', { ...SILENCE, annotations: { a: 1 } }),
  post('/silences', { ...SILENCE, unknown: 1, endsAt: at(68) }, 'unknown'),
  post('/silences', '{'),
  post('/silences', []),
  get('/silences'),
  get('/silence/none'),
  get('/silence/00000000-0000-4000-8000-000000000000'),
  { method: 'DELETE', path: '/silence/{third}' },
  { method: 'DELETE', path: '/silence/{third}' },
  { method: 'DELETE', path: '/silence/none' },
  { method: 'DELETE', path: '/silence/00000000-0000-4000-8000-000000000000' },
  get('/silence/{third}'),
  get('/alerts'),
  get('/nothing'),
  { method: 'POST', path: '/receivers', body: {} },
  { method: 'DELETE', path: '/alerts' },
  { method: 'PUT', path: '/silences', body: SILENCE },
  { method: 'OPTIONS', path: '/alerts' },
];

/** What one of the two answered, with ids by the order in which they came. */
interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** No silence more than three, those that are over included. */
const LIMITED: readonly Step[] = [
  post('/silences', SILENCE, 'first'),
  post('/silences', matcher('a', 'b'), 'second'),
  post('/silences', { ...SILENCE, id: '{first}', endsAt: at(90) }, 'same'),
  post('/silences', { ...matcher('a', 'c'), id: '{second}' }, 'third'),
  post('/silences', matcher('a', 'd')),
  post('/silences', { ...matcher('a', 'd'), id: '{third}' }),
  post('/silences', { ...SILENCE, id: '{first}', endsAt: at(91) }),
  post('/silences', { ...SILENCE, id: '00000000-0000-4000-8000-000000000000' }),
  get('/silence/{third}'),
];

for (const [what, steps, flags] of [
  ['every request of API v2, right or wrong,', STEPS, []],
  ['a silence over the limit', LIMITED, ['--silences.max-silences=3']],
] as const)
  test(`${what} is answered as by a real Alertmanager`, async (t) => {
    const missing = missingPrograms(['alertmanager']) ?? olderThan('alertmanager', '0.34');
    if (missing !== undefined) return t.skip(missing);
    reportVersions(t, ['alertmanager']);
    await using cleanup = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), 'signalbox-answers-'));
    cleanup.defer(() => rm(folder, { recursive: true }));
    const options = {
      folder,
      configuration: CONFIGURATION,
      flags: ['--cluster.listen-address=', ...flags],
    };
    const real = await startAlertmanager(options);
    cleanup.defer(async () => void (await real.program.stop()));
    const hub = await startDropIn(options);
    cleanup.defer(async () => void (await hub.program.stop()));

    const theirs = await askAll(real.address, steps);
    const ours = await askAll(hub.address, steps);
    for (const [index, { method = 'GET', path, body, ownStatus }] of steps.entries()) {
      const [expected, found] = [theirs[index]!, ours[index]!];
      const about = `${index}: ${method} ${path} ${JSON.stringify(body)}: ${JSON.stringify(found)}`;
      assert.equal(found.status, ownStatus ?? expected.status, about);
      if (ownStatus !== undefined || isInWords(expected.body)) continue;
      assert.deepEqual(found.body, expected.body, about);
    }
  });

/** What Go's reader of JSON says of a body is not said again. */
function isInWords(body: unknown): boolean {
  return isObject(body) && 'code' in body && UNREADABLE.has(Number(body.code));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

const UNREADABLE = new Set([400, 405, 415]);

async function askAll(address: string, steps: readonly Step[]): Promise<readonly Answer[]> {
  const ids = new Map<string, string>();
  const seen: string[] = [];
  const answers: Answer[] = [];
  for (const { method = 'GET', path, body, headers, name } of steps) {
    const filled = (text: string) =>
      text.replace(/\{([a-z0-9]+)\}/g, (whole, id: string) => ids.get(id) ?? whole);
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(`http://${address}/api/v2${filled(path)}`, {
      method,
      ...(body === undefined ? {} : { body: filled(text) }),
      headers: { 'content-type': 'application/json', ...headers },
    });
    const answered = await response.text();
    for (const [id] of answered.matchAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g)) if (!seen.includes(id)) seen.push(id);
    if (name !== undefined && response.ok)
      ids.set(name, (JSON.parse(answered) as { silenceID: string }).silenceID);
    const normal = seen.reduce((rest, id, index) => rest.replaceAll(id, `id-${index}`), answered);
    answers.push({ status: response.status, body: readBody(normal) });
  }
  return answers;
}

const TIMES = new Set(['updatedAt', 'startsAt', 'endsAt']);
const SENT = JSON.stringify([STEPS, LIMITED]);

/**
 * Times that depend on when the question came are left out, and lists of ids have no order. Alertmanager leaves out annotations of a silence that
 * has none, which its own document forbids.
 */
function readBody(text: string): unknown {
  try {
    return JSON.parse(text, (key, value: unknown) => {
      if (isObject(value) && 'createdBy' in value) return { annotations: {}, ...value };
      if (key === 'silencedBy') return (value as string[]).toSorted();
      return TIMES.has(key) && !SENT.includes(String(value)) ? 'time' : value;
    });
  } catch {
    return text;
  }
}
