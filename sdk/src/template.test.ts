import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isFault, type Fault } from './fault.ts';
import { sampleAlert, sampleNotification } from './testing/sample-notification.ts';
import { compileTemplate, RENDERED_MAX_CHARACTERS, TEMPLATE_MAX_CHARACTERS } from './template.ts';
import { escapeHtml } from './text.ts';

const notification = sampleNotification({
  alerts: [
    sampleAlert({ annotations: { summary: 'full', runbook_url: 'https://runbooks.example.org/disk' } }),
    sampleAlert({
      status: 'resolved',
      endsAt: '2026-11-20T09:16:05Z',
      labels: { alertname: 'DiskFull', pod: 'b' },
    }),
  ],
});

function rendered(source: string, extra?: Record<string, unknown>): string {
  const rendering = compileTemplate(source).render(notification, extra);
  assert.ok(rendering.ok, rendering.ok ? '' : rendering.problem);
  return rendering.text;
}

function faultOf(source: string): Fault {
  try {
    compileTemplate(source, { field: 'config.template' });
  } catch (thrown) {
    assert.ok(isFault(thrown));
    return thrown;
  }
  assert.fail('the template was accepted');
}

test('[BR-NOT-007] a template substitutes the fields of the notification and its conveniences', () => {
  assert.equal(rendered('{{ title }}'), '[FIRING:1] DiskFull · db-1 (critical)');
  assert.equal(rendered('{{ severity }} {{ firing.size }}/{{ resolved.size }}'), 'critical 1/1');
  assert.equal(rendered('{% for alert in firing %}{{ alert.labels.instance }}{% endfor %}'), 'db-1');
  assert.equal(
    rendered('to {{ recipient }}, {{ tenant }}', { recipient: 'Jo', tenant: 'x' }),
    'to Jo, default',
  );
});

test('the filters for times, durations, links and labels', () => {
  assert.equal(rendered('{{ alerts[0].startsAt | time }}'), '2026-11-20 09:14:05 UTC');
  assert.equal(rendered('{{ alerts[0].startsAt | time: "Asia/Kolkata" }}'), '2026-11-20 14:44:05 +05:30');
  assert.equal(rendered('{{ alerts[0].startsAt | duration: createdAt }}'), '4m');
  assert.equal(rendered('{{ 90000 | duration }}'), '1m 30s');
  assert.equal(
    rendered('{% assign links = alerts[0] | links %}{{ links[0].title }} {{ links[0].url }}'),
    'Runbook https://runbooks.example.org/disk',
  );
  assert.equal(rendered('{{ alerts[1].labels | label_list }}'), 'pod=b');
  assert.match(rendered('{{ alerts[1].labels | yaml }}'), /^pod: b$/m);
  assert.match(rendered('{{ alerts[1].labels | xml: "labels" }}'), /^<labels>.*<pod>b<\/pod>.*<\/labels>$/);
});

test('a rendering is repeatable: now is the time of the notification, and nothing is random', () => {
  assert.equal(rendered('{{ "now" | date: "%Y-%m-%d %H:%M" }}'), '2026-11-20 09:18');
  assert.match(faultOf('{{ alerts | sample }}').message, /undefined filter: sample/);
});

test('values are escaped when asked to, unless they pass raw', () => {
  const template = compileTemplate('{{ v }} {{ v | raw }}', { escape: escapeHtml });
  const rendering = template.render(notification, { v: `<a href="'&">` });
  assert.deepEqual(rendering, { ok: true, text: `&lt;a href=&quot;&#39;&amp;&quot;&gt; <a href="'&">` });
});

test('a syntax error is a fault of the configuration with field, line and column', () => {
  const fault = faultOf('{{ title }}\n  {% nonsense %}');
  assert.equal(fault.code, 'SB_CONFIG');
  assert.equal(fault.field, 'config.template');
  assert.match(fault.message, /line 2, column 3: tag "nonsense" not found/);
  assert.match(faultOf('{{ title | shout }}').message, /undefined filter: shout/);
  assert.match(faultOf('{% if title %}').message, /line 1, column 1: .* not closed/);
  assert.match(faultOf('x'.repeat(TEMPLATE_MAX_CHARACTERS + 1)).message, /limit exceeded/);
});

test('a template reads no file and no other template', () => {
  for (const tag of ['include', 'render', 'layout', 'block']) {
    assert.match(faultOf(`{% ${tag} "/etc/hostname" %}`).message, new RegExp(`tag "${tag}" not found`));
  }
});

test('a template sees own properties only', () => {
  assert.equal(
    rendered('{{ title.constructor }}{{ alerts.constructor.name }}{{ __proto__ }}{{ labels.toString }}'),
    '',
  );
});

for (const [what, source] of [
  ['an endless loop', '{% for a in (1..9000) %}{% for b in (1..9000) %}x{% endfor %}{% endfor %}'],
  ['a huge range', '{% for a in (1..100000000) %}x{% endfor %}'],
  [
    'doubling of a string',
    '{% assign s = title %}{% for a in (1..60) %}{% assign s = s | append: s %}{% endfor %}',
  ],
  [
    'a text that is too long',
    `{% for a in (1..9000) %}${'x'.repeat(RENDERED_MAX_CHARACTERS / 8_000)}{% endfor %}`,
  ],
  ['an unknown time zone', '{{ createdAt | time: "Mars/Olympus" }}'],
  ['a value that is no time', '{{ title | time }}'],
] as const) {
  test(`${what} yields a problem instead of a text, and no exception`, () => {
    const rendering = compileTemplate(source).render(notification);
    assert.equal(rendering.ok, false);
    assert.match(rendering.ok ? '' : rendering.problem, /\S/);
  });
}

test('[HNP-078] a template is compiled once per source and way of escaping', () => {
  assert.equal(compileTemplate('{{ id }}'), compileTemplate('{{ id }}'));
  assert.notEqual(compileTemplate('{{ id }}'), compileTemplate('{{ id }}', { escape: escapeHtml }));
});

test('whatever the source, compiling gives a template or a fault, and rendering never throws', () => {
  const piece = fc.constantFrom(
    '{{',
    '}}',
    '{%',
    '%}',
    ' for ',
    ' in ',
    'alerts',
    '|',
    ':',
    '"',
    "'",
    'if',
    'endif',
    '.',
    '[',
    ']',
    '(1..9)',
    '\n',
    'raw',
    'title',
    '-',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 20 }), (pieces) => {
      try {
        compileTemplate(pieces.join('')).render(notification);
      } catch (thrown) {
        assert.ok(isFault(thrown), String(thrown));
      }
    }),
    { numRuns: 500 },
  );
});
