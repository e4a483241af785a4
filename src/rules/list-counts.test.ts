import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMatcher } from '../model/create-matcher.ts';
import { resolveRoute, type RouteDraft } from '../model/route.ts';
import { listCounts } from './list-counts.ts';
import { rule } from './testing.ts';
import { countMatch, createTally } from './tally.ts';

test('what never matched stands there with zeros, a route before those below it, and what counted before a reload stays', () => {
  const team = (name: string, routes: readonly RouteDraft[] = []): RouteDraft => ({
    matchers: [createMatcher('team', '=', name)],
    continue: false,
    routes,
  });
  const settings = {
    rules: [rule('quiet', { hold: 'no' })],
    route: resolveRoute({
      matchers: [],
      continue: false,
      routes: [team('db', [team('db')]), team('web'), team('web')],
    }),
    enrichment: [],
    workflows: [],
    inhibitRules: [{ name: '1', sourceMatchers: [], targetMatchers: [], equal: [] }],
    timeIntervals: { night: [] },
  };
  const tally = createTally();
  const alert = { tenant: 'default', fingerprint: 'a' };
  countMatch(tally, 'route', '{}/{team="web"}', alert, 1);
  countMatch(tally, 'filter', 'gone', alert, 2);
  assert.deepEqual(
    listCounts(settings, tally).map(({ kind, id, matches }) => `${kind} ${id} ${matches}`),
    [
      'filter quiet 0',
      'filter gone 1',
      'route {} 0',
      'route {}/{team="db"} 0',
      'route {}/{team="db"}/{team="db"} 0',
      'route {}/{team="web"} 1',
      'route {}/{team="web"}#2 0',
      'inhibition_source 1 0',
      'inhibition_target 1 0',
      'inhibition 1 0',
      'time_interval night 0',
    ],
  );
});
