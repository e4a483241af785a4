import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Liquid } from 'liquidjs';
import { isFault } from './fault.ts';
import { compileTemplate } from './template.ts';
import { sampleAlert, sampleNotification } from './testing/sample-notification.ts';

const page = readFileSync(new URL('../../docs/templates.md', import.meta.url), 'utf8');
const engine = new Liquid();
const own = ['time', 'duration', 'links', 'label_list'];

function isAccepted(source: string): boolean {
  try {
    compileTemplate(source);
    return true;
  } catch (thrown) {
    assert.ok(isFault(thrown));
    return false;
  }
}

test('docs/templates.md names every filter that a template may use, and no other', () => {
  const all = [...Object.keys(engine.filters), ...own];
  const wrong = all.filter((name) => isAccepted(`{{ x | ${name} }}`) !== page.includes(`\`${name}\``));
  assert.deepEqual(wrong, []);
});

test('docs/templates.md names every variable of a notification', () => {
  const names = [...Object.keys(sampleNotification()), 'title', 'severity', 'firing', 'resolved'];
  assert.deepEqual(
    names.filter((name) => !page.includes(`\`${name}\``)),
    [],
  );
});

test('the first example of docs/templates.md renders', () => {
  const [, source = ''] = /```liquid\n([\s\S]*?)```/.exec(page) ?? [];
  const resolved = sampleAlert({ status: 'resolved', endsAt: '2026-11-20T09:15:00Z' });
  const rendering = compileTemplate(source).render(sampleNotification({ alerts: [sampleAlert(), resolved] }));
  assert.ok(rendering.ok);
  assert.match(rendering.text, /- db-1: Disk \/var is 96% full, for 4m\n[\s\S]*1 resolved\./);
});
