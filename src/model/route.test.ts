import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMatchers } from './parse-matcher.ts';
import { groupLabels, matchRoutes, resolveRoute, type RouteDraft } from './route.ts';

function route(matchers: string, rest: Partial<RouteDraft> = {}): RouteDraft {
  const parsed = parseMatchers(matchers);
  assert.ok(parsed.ok);
  return { matchers: parsed.matchers, continue: false, routes: [], ...rest };
}

const tree = resolveRoute(
  route('', {
    receiver: 'default',
    groupBy: ['alertname'],
    routes: [
      route('team="shop"', {
        receiver: 'shop',
        groupBy: ['...'],
        groupWaitMs: 0,
        routes: [
          route('zone="eu"', { receiver: 'shop-eu', continue: true, repeatIntervalMs: 60_000 }),
          route('severity="critical"', { receiver: 'shop-critical', groupBy: ['zone', 'alertname'] }),
          route('zone=~"eu|us"', { receiver: 'shop-west' }),
        ],
      }),
      route('team="shop"', { receiver: 'never' }),
      route('team=""', { receiver: 'nobody', continue: true }),
      route('zone!="eu"', { receiver: 'abroad', continue: true }),
      route('zone!="eu"', { receiver: 'abroad-again' }),
    ],
  }),
);

const CASES: readonly [string, Record<string, string>, readonly string[]][] = [
  ['no child matches: the root answers itself', { team: 'x', zone: 'eu' }, ['default']],
  ['a child whose children do not match answers itself', { team: 'shop' }, ['shop']],
  [
    'a match without continue ends the search among siblings',
    { team: 'shop', zone: 'us', severity: 'critical' },
    ['shop-critical'],
  ],
  [
    'a match with continue goes on',
    { team: 'shop', zone: 'eu', severity: 'critical' },
    ['shop-eu', 'shop-critical'],
  ],
  ['every match with continue is kept', { team: 'shop', zone: 'eu' }, ['shop-eu', 'shop-west']],
  ['an absent label is the empty value', { zone: 'eu' }, ['nobody']],
  ['siblings with the same matchers both answer', { team: 'x' }, ['abroad', 'abroad-again']],
  ['all that match, in writing order', {}, ['nobody', 'abroad', 'abroad-again']],
];

for (const [title, labels, receivers] of CASES) {
  test(`routing: ${title}`, () => {
    assert.deepEqual(
      matchRoutes(tree, labels, () => true).map((found) => found.receiver),
      receivers,
    );
  });
}

test('what a route leaves out comes from its parent, at last from the defaults', () => {
  const [shop] = tree.routes;
  const [eu, critical] = shop!.routes;
  assert.deepEqual(
    [tree.groupWaitMs, tree.groupIntervalMs, tree.repeatIntervalMs, tree.groupBy],
    [30_000, 300_000, 14_400_000, ['alertname']],
  );
  assert.deepEqual([shop!.groupWaitMs, shop!.groupIntervalMs, shop!.groupBy], [0, 300_000, '...']);
  assert.deepEqual([eu!.groupWaitMs, eu!.repeatIntervalMs, eu!.groupBy], [0, 60_000, '...']);
  assert.deepEqual([critical!.repeatIntervalMs, critical!.groupBy], [14_400_000, ['zone', 'alertname']]);
  assert.equal(tree.routes[1]!.receiver, 'never');
});

test('an empty group_by is its own, as in Alertmanager since 0.31', () => {
  const resolved = resolveRoute(
    route('', { receiver: 'a', groupBy: ['x'], routes: [route('y=1', { groupBy: [] })] }),
  );
  assert.deepEqual(resolved.routes[0]!.groupBy, []);
});

test('keys are those of Alertmanager, with sorted matchers', () => {
  const resolved = resolveRoute(
    route('', {
      receiver: 'a',
      routes: [route('zone!="eu",team=~"b|a",zone="x"', { routes: [route('"with space"="tab\t"')] })],
    }),
  );
  assert.equal(resolved.key, '{}');
  assert.equal(resolved.routes[0]!.key, '{}/{team=~"b|a",zone!="eu",zone="x"}');
  assert.equal(
    resolved.routes[0]!.routes[0]!.key,
    '{}/{team=~"b|a",zone!="eu",zone="x"}/{"with space"="tab\\t"}',
  );
});

test('siblings with the same matchers have keys of their own', () => {
  assert.deepEqual(
    tree.routes.slice(3).map((found) => found.key),
    ['{}/{zone!="eu"}', '{}/{zone!="eu"}#2'],
  );
});

test('group labels are the labels of group_by that the alert has, or all of them', () => {
  const labels = { alertname: 'Down', zone: 'eu' };
  assert.deepEqual(groupLabels({ groupBy: ['alertname', 'team', 'constructor'] }, labels), {
    alertname: 'Down',
  });
  assert.deepEqual(groupLabels({ groupBy: '...' }, labels), labels);
  assert.deepEqual(groupLabels({ groupBy: [] }, labels), {});
});

test('a label may be named like something that every object inherits', () => {
  const resolved = resolveRoute(
    route('', { receiver: 'a', routes: [route('constructor=""', { receiver: 'b' })] }),
  );
  assert.deepEqual(
    matchRoutes(resolved, {}, () => true).map((found) => found.receiver),
    ['b'],
  );
});

test('the last of 10,000 siblings is found', () => {
  const siblings = Array.from({ length: 10_000 }, (_, index) =>
    route(`team="t${index}"`, { receiver: `r${index}` }),
  );
  const wide = resolveRoute(route('', { receiver: 'default', routes: siblings }));
  assert.deepEqual(
    matchRoutes(wide, { team: 't9999' }, () => true).map((found) => found.receiver),
    ['r9999'],
  );
});
