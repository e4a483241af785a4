import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFlow } from './flow.ts';

test('attempts that end every millisecond drain a queue of fifty within a hundred', () => {
  const flow = createFlow(0);
  for (let at = 1; at <= 100; at++) flow.ended(at);
  assert.equal(flow.drainsWithin(100, 50, 100), true);
  assert.equal(flow.drainsWithin(100, 500, 100), false);
});

test('a silence is a slow pace, however fast it was before', () => {
  const flow = createFlow(0);
  for (let at = 1; at <= 100; at++) flow.ended(at);
  assert.equal(flow.drainsWithin(100, 50, 110), false);
});

test('one slow attempt among quick ones is forgiven', () => {
  const flow = createFlow(0);
  flow.ended(20);
  for (let at = 21; at <= 60; at++) flow.ended(at);
  assert.equal(flow.drainsWithin(100, 50, 60), true);
});
