import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acknowledge, leaveOpen, NOTHING_SAID } from '../../bench/crash-model.ts';
import type { Arrival, Heard } from './receiver.ts';
import { judge, type Evidence } from './verdict.ts';

const FIRING = { status: 'firing', version: 1 } as const;
const RESOLVED = { status: 'resolved', version: 2 } as const;

let clock = 0;
function arrival(delivery: string, said: Omit<Heard, 'key'>, node = 'node-1'): Arrival {
  return { delivery, node, at: clock++, statements: [{ key: 'disk', ...said }] };
}

/** One key that fires, was told once, and nothing is wrong. */
function evidence(changes: Partial<Evidence> = {}): Evidence {
  return {
    knowledge: new Map([['disk', acknowledge(NOTHING_SAID, FIRING)]]),
    alerts: new Map([['disk', FIRING]]),
    arrivals: [arrival('d1', FIRING)],
    deliveries: new Map([['d1', { status: 'delivered', attempts: 1 }]]),
    ...changes,
  };
}

function breaches(changes: Partial<Evidence>): string {
  const { lost, wrong, untold, outOfOrder, unexplained, imagined } = judge(evidence(changes));
  return Object.entries({ lost, wrong, untold, outOfOrder, unexplained, imagined })
    .filter(([, lines]) => lines.length > 0)
    .map(([kind, lines]) => `${kind} ${lines.length}`)
    .join(', ');
}

test('when everybody knows the same, nothing is wrong', () => {
  assert.equal(breaches({}), '');
  assert.deepEqual([judge(evidence()).delivered, judge(evidence()).repeated], [1, 0]);
});

test('an acknowledged statement that the hub does not have is lost', () => {
  assert.equal(breaches({ alerts: new Map(), arrivals: [], deliveries: new Map() }), 'lost 1');
});

test('a statement that nobody answered may count or not, and nothing else', () => {
  const knowledge = new Map([['disk', leaveOpen(acknowledge(NOTHING_SAID, FIRING), RESOLVED)]]);
  assert.equal(breaches({ knowledge }), '');
  const told = { arrivals: [arrival('d1', FIRING), arrival('d2', RESOLVED)] };
  assert.equal(breaches({ knowledge, alerts: new Map([['disk', RESOLVED]]), ...told }), '');
  assert.equal(breaches({ knowledge, alerts: new Map([['disk', { ...FIRING, version: 3 }]]) }), 'wrong 1');
});

test('a receiver that was told "firing" has to be told "resolved", and one that was told nothing has not', () => {
  const knowledge = new Map([['disk', acknowledge(acknowledge(NOTHING_SAID, FIRING), RESOLVED)]]);
  const alerts = new Map([['disk', RESOLVED]]);
  assert.equal(breaches({ knowledge, alerts }), 'untold 1');
  assert.equal(breaches({ knowledge, alerts, arrivals: [], deliveries: new Map() }), '');
});

test('what arrives after something newer of the same key is out of order; the same again is not', () => {
  const arrivals = [arrival('d1', FIRING), arrival('d2', { ...FIRING, version: 3 }), arrival('d3', RESOLVED)];
  assert.equal(judge(evidence({ arrivals })).outOfOrder.length, 1);
  assert.equal(judge(evidence({ arrivals: [...arrivals.slice(0, 2), arrivals[1]!] })).outOfOrder.length, 0);
});

test('a repeat is explained by an attempt that a node knows of, and by nothing else', () => {
  const arrivals = [arrival('d1', FIRING), arrival('d1', FIRING, 'node-2')];
  assert.equal(breaches({ arrivals }), 'unexplained 1');
  const deliveries = new Map([['d1', { status: 'delivered', attempts: 2 }]]);
  assert.equal(breaches({ arrivals, deliveries }), '');
  assert.equal(judge(evidence({ arrivals, deliveries })).repeated, 1);
});

test('a delivery that is marked as delivered and never arrived is imagined', () => {
  const deliveries = new Map([
    ['d1', { status: 'delivered', attempts: 1 }],
    ['d2', { status: 'delivered', attempts: 1 }],
    ['d3', { status: 'superseded', attempts: 0 }],
  ]);
  assert.equal(breaches({ deliveries }), 'imagined 1');
});
