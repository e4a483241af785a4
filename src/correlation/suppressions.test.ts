import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Alert, Episode } from '../model/alert.ts';
import type { TopologySettings } from '../model/settings.ts';
import { dependencyKeysOf, findDependency, serviceKeyOf } from './dependency.ts';
import { findFlapping } from './flapping.ts';
import { MINUTE, T0, sampleAlert } from './testing/scope.ts';
import { countAlerts, findStorm, isStorm } from './storm.ts';
import { stormDigest } from './storm-digest.ts';
import { compileTopology } from './topology.ts';
import { similarityOf, wordsOf } from './words.ts';

const FLAPPING = { changes: 6, low: 3, windowMs: 30 * MINUTE };
const TOPOLOGY: TopologySettings = {
  label: 'service',
  dependencies: { shop: ['pay'], pay: ['db'], db: [], a: ['b'], b: ['a'] },
  suppress: true,
};

/** Comes and goes so many times, a minute each, and fires. */
function restless(times: number, more: Partial<Alert> = {}): Alert {
  const past = Array.from({ length: times }, (_, index): Episode => {
    const startsAt = T0 + 2 * index * MINUTE;
    return { episode: index + 1, startsAt, endsAt: startsAt + MINUTE, occurrences: 1, severity: 'warning' };
  });
  return sampleAlert('a', { past, startsAt: T0 + 2 * times * MINUTE, episode: times + 1, ...more });
}

test('an alert that comes and goes flaps until it is quiet, and says until when', () => {
  const alert = restless(3);
  const now = alert.startsAt;
  assert.equal(findFlapping(restless(2), FLAPPING, now), undefined);
  const found = findFlapping(alert, FLAPPING, now);
  assert.equal(found?.reason, 'flapping');
  assert.ok(findFlapping(alert, FLAPPING, found.until! - 1));
  assert.equal(findFlapping(alert, FLAPPING, found.until!), undefined);
});

test('two thresholds: fewer changes than would start it do not end it', () => {
  const quieter = restless(3, { startsAt: T0 + 31 * MINUTE });
  assert.ok(findFlapping(quieter, FLAPPING, T0 + 31 * MINUTE));
});

test('critical production neither flaps nor waits for a dependency; a known other environment does', () => {
  const critical = { priority: 'critical', labels: { service: 'shop' } } as const;
  const staging = { ...critical, facts: { environment: 'staging' } };
  assert.equal(findFlapping(restless(4, critical), FLAPPING, T0 + 8 * MINUTE), undefined);
  assert.ok(findFlapping(restless(4, staging), FLAPPING, T0 + 8 * MINUTE));
  assert.equal(
    findDependency(sampleAlert('a', critical), TOPOLOGY, () => 'f'),
    undefined,
  );
  assert.equal(findDependency(sampleAlert('a', staging), TOPOLOGY, () => 'f')?.rule, 'f');
});

test('an alert waits for what its service depends on, also through others, and never in a circle', () => {
  const alert = (service: string) => sampleAlert(service, { labels: { service } });
  const firing = new Map([[serviceKeyOf({ service: 'db' }, TOPOLOGY)!, 'down']]);
  const ask = (service: string) => findDependency(alert(service), TOPOLOGY, (key) => firing.get(key))?.rule;
  assert.deepEqual(['shop', 'pay', 'db', 'other'].map(ask), ['down', 'down', undefined, undefined]);
  assert.deepEqual(dependencyKeysOf({ service: 'a' }, TOPOLOGY), []);
});

test('any graph of services, with circles or without, is walked to its end', () => {
  const names = fc.constantFrom('a', 'b', 'c', 'd', 'e', '__proto__', 'constructor');
  const graph = fc.dictionary(names, fc.array(names, { maxLength: 4 }), { maxKeys: 7 });
  fc.assert(
    fc.property(graph, names, names, fc.integer({ min: 0, max: 4 }), (dependencies, left, right, max) => {
      const topology = compileTopology({ label: 'service', dependencies, suppress: false });
      const hops = topology.distance(left, right, max);
      assert.equal(topology.distance(right, left, max), hops);
      if (hops !== undefined) assert.ok(hops <= max);
      if (hops !== undefined) assert.equal(topology.componentOf(left), topology.componentOf(right));
      assert.ok(!topology.dependenciesOf(left).has(left));
    }),
  );
});

test('texts are alike by their words; counts and ids do not matter, and length is bounded', () => {
  const alike = (left: string, right: string) => similarityOf(wordsOf(left), wordsOf(right));
  assert.equal(alike('Disk of db-1 is 97% full', 'disk of db-22 is 99% FULL'), 1);
  assert.equal(alike('disk full', 'network down'), 0);
  assert.equal(alike('disk is full', 'disk is slow'), 0.5);
  assert.ok(wordsOf('wort '.repeat(100_000)).length <= 64);
  fc.assert(
    fc.property(fc.string(), fc.string(), (left, right) => {
      const share = alike(left, right);
      assert.equal(alike(right, left), share);
      assert.ok(share >= 0 && share <= 1);
    }),
  );
});

const STORM = { by: ['cluster'], perMinute: 5, low: 3 };
const many = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) =>
    sampleAlert(`s${from + index}`, {
      labels: { alertname: `A${index % 2}`, cluster: 'eu' },
      changedAt: MINUTE,
    }),
  );

test('a minute of many new alerts begins a storm, which ends with a minute of few; the digest counts them', () => {
  const start = 10 * MINUTE;
  const calm = countAlerts({}, many(4), STORM, start);
  const [key] = Object.keys(calm);
  assert.equal(isStorm(calm[key!]!, STORM, start), false);
  const stormy = countAlerts(calm, many(1, 4), STORM, start + 1);
  assert.equal(isStorm(stormy[key!]!, STORM, start + 1), true);
  const going = countAlerts(stormy, many(3, 5), STORM, start + MINUTE);
  assert.equal(isStorm(going[key!]!, STORM, start + 2 * MINUTE), true);
  const fading = countAlerts(going, many(2, 8), STORM, start + 2 * MINUTE);
  assert.equal(isStorm(fading[key!]!, STORM, start + 3 * MINUTE - 1), true);
  assert.equal(isStorm(fading[key!]!, STORM, start + 3 * MINUTE), false);
  assert.equal(isStorm(going[key!]!, STORM, start + 3 * MINUTE), false);
  const { annotations, labels } = stormDigest(fading[key!]!, true);
  assert.equal(labels['cluster'], 'eu');
  assert.equal(annotations['summary'], '10 new alerts with cluster="eu": A0 (6), A1 (4)');
});

test('a storm holds what came with it; neither what was there before, nor what is critical, nor other places', () => {
  const start = 10 * MINUTE;
  const counts = countAlerts({}, many(5), STORM, start + 5);
  const ask = (more: Partial<Alert>) =>
    findStorm(
      sampleAlert('x', { labels: { cluster: 'eu' }, changedAt: start + 5, ...more }),
      counts,
      STORM,
      start + 9,
    )?.reason;
  assert.equal(ask({}), 'storm');
  assert.equal(ask({ changedAt: start - 1 }), undefined);
  assert.equal(ask({ priority: 'critical' }), undefined);
  assert.equal(ask({ labels: { cluster: 'us' } }), undefined);
  assert.equal(ask({ integration: 'signalbox' }), undefined);
});
