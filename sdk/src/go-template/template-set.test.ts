import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { isFault } from '../fault.ts';
import { createGoTemplates, GO_RENDERED_MAX_CHARACTERS } from './template-set.ts';
import { CORPUS } from './testing/corpus.ts';
import { renderCase } from './testing/render-case.ts';
import { SAMPLE } from './testing/sample.ts';

const templates = createGoTemplates();

function render(source: string, as: 'text' | 'html' = 'text'): string {
  const rendering = templates.compile(source, { as }).render(SAMPLE);
  return rendering.ok ? rendering.text : `problem: ${rendering.problem}`;
}

/** The message of the fault that compiling ends with. */
function faultOf(source: string): string {
  try {
    templates.compile(source, { field: 'config.text' });
  } catch (error) {
    assert.ok(isFault(error));
    assert.equal(error.code, 'SB_CONFIG');
    return error.message;
  }
  return 'no fault';
}

// Written by Alertmanager 0.34.2's own `amtool template render`; amtool.test.ts compares with the one that is installed.
const RENDERED = JSON.parse(
  readFileSync(new URL('testing/rendered.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, string>>;

test('the corpus yields what the real Alertmanager 0.34.2 made of it', () => {
  assert.equal(Object.keys(RENDERED).length, CORPUS.length);
  for (const one of CORPUS)
    assert.equal(renderCase(one), RENDERED[`${one.as ?? 'text'} ${one.text}`], one.text);
});

test('a wrong template is a fault of the setting, with line and column', () => {
  assert.equal(
    faultOf('{{ if .Status }}\n  {{ nope }}\n{{ end }}'),
    'not a valid template: config.text:2:6: there is no function "nope"',
  );
  assert.match(faultOf('a\n{{ if true }}'), /config\.text:2:1: \{\{end\}\} is missing for this \{\{if\}\}/);
  assert.match(faultOf('{{ $x }}'), /config\.text:1:4: there is no variable "\$x"/);
  assert.match(faultOf('{{ call .Status }}'), /1:4: there is no function "call"/);
  assert.match(faultOf('x'.repeat(300_000)), /longer than 262144 characters/);
});

test('what fails while rendering is a problem with the place of the action, never an exception', () => {
  assert.equal(
    render('{{ len .Alerts }}\n{{ .Nope }}'),
    'problem: the template:2:4: template.Data has no field Nope',
  );
  assert.match(
    render('{{ range .Alerts }}\n{{ index .Labels 1 }}{{ end }}'),
    /^problem: the template:2:4: index: /,
  );
  const named = createGoTemplates([{ name: 'mail.tmpl', source: '{{ define "x" }}\n {{ .Nope }}{{ end }}' }]);
  const rendering = named.compile('{{ template "x" . }}').render(SAMPLE);
  assert.ok(!rendering.ok);
  assert.match(rendering.problem, /^mail\.tmpl:2:5: /);
});

test('a later file replaces definitions, an empty one does not, and a file’s own text has its name', () => {
  const set = createGoTemplates([
    { name: 'a.tmpl', source: '{{ define "x" }}1{{ end }}{{ define "__subject" }}mine{{ end }}' },
    { name: 'b.tmpl', source: '{{ define "x" }}2{{ end }}text of b' },
    { name: 'c.tmpl', source: '{{ define "x" }} {{ end }}' },
  ]);
  const rendering = set
    .compile('{{ template "x" }} {{ template "slack.default.title" . }} {{ template "b.tmpl" }}')
    .render(SAMPLE);
  assert.deepEqual(rendering, { ok: true, text: '2 mine text of b' });
  assert.ok(set.names.includes('email.default.html'));
});

test('definitions of one setting do not reach another one', () => {
  assert.equal(render('{{ define "own" }}x{{ end }}{{ template "own" }}'), 'x');
  assert.match(render('{{ template "own" }}'), /there is no template "own"/);
});

test('steps, length and depth are bounded', () => {
  const nested = '{{ range 1000 }}'.repeat(4) + 'x' + '{{ end }}'.repeat(4);
  assert.match(render(nested), /took more than 500000 steps/);
  assert.match(render('{{ range 1000000000 }}{{ end }}'), /took more than/);
  const doubling = '{{ $x := "0123456789" }}{{ range 60 }}{{ $x = print $x $x }}{{ end }}';
  assert.match(render(doubling), /took more than/);
  const lists = '{{ $x := list 1 }}{{ range 60 }}{{ $x = list $x $x }}{{ end }}{{ $x }}';
  assert.match(render(lists), /took more than/);
  assert.match(
    render(`{{ range 3000 }}${'x'.repeat(1_000)}{{ end }}`),
    new RegExp(`longer than ${GO_RENDERED_MAX_CHARACTERS}`),
  );
  assert.match(render('{{ define "r" }}{{ template "r" }}{{ end }}{{ template "r" }}'), /100 times deep/);
  assert.match(render('{{ printf "%99999999d" 1 }}'), /a width of at most/);
  assert.match(faultOf('{{ if true }}'.repeat(200)), /at most 100 levels/);
  assert.match(faultOf(`{{ ${'('.repeat(200)}1${')'.repeat(200)} }}`), /at most 100 levels/);
});

test('a pattern that makes others hang is matched in time', () => {
  assert.equal(render(`{{ match "^(a+)+$" "${'a'.repeat(5_000)}!" }}`), 'false');
});

test('the time is that of the notification, so that a repeat says the same', () => {
  assert.equal(
    render('{{ now }} {{ since (index .Alerts 1).StartsAt }}'),
    '2026-11-21 00:00:00 +0000 UTC 1s',
  );
  const template = templates.compile('{{ now.Unix }}');
  assert.deepEqual(template.render(SAMPLE, { now: 1_000 }), { ok: true, text: '1' });
});

test('labels of routes are rendered, name one another, and never in a circle', () => {
  const routeLabels = {
    team: '{{ routeLabels "kind" }}-{{ .Status }}',
    kind: 'db',
    a: '{{ routeLabels "b" }}',
    b: '{{ routeLabels "a" }}',
  };
  const renderLabel = (name: string) =>
    templates.compile(`{{ routeLabels "${name}" }}`).render(SAMPLE, { routeLabels });
  assert.deepEqual(renderLabel('team'), { ok: true, text: 'db-firing' });
  assert.deepEqual(renderLabel('nope'), { ok: true, text: '' });
  const circle = renderLabel('a');
  assert.match(circle.ok ? '' : circle.problem, /in a circle: a -> b -> a/);
});

test('every built-in definition can be rendered, as text and as HTML', () => {
  for (const name of templates.names.filter(
    (one) =>
      ![
        '__text_alert_list',
        '__text_alert_list_markdown',
        'pagerduty.default.instances',
        '__email_alert',
        'built-in templates',
      ].includes(one),
  )) {
    for (const as of ['text', 'html'] as const) {
      assert.doesNotMatch(render(`{{ template "${name}" . }}`, as), /^problem/, `${name} as ${as}`);
    }
  }
});

test('the HTML of an e-mail names every alert and lets no label through as markup', () => {
  const html = render('{{ template "email.default.html" . }}', 'html');
  for (const text of [
    '3 alerts for alertname=DiskFull, cluster=eu-1',
    '[2] Firing',
    '[1] Resolved',
    'db-3:9100',
  ]) {
    assert.ok(html.includes(text), text);
  }
  assert.ok(html.includes('&lt;b&gt;&#34;ops&#34; &amp; &#39;more&#39;&lt;/b&gt;'));
  assert.ok(!html.includes('javascript:'));
});

const PIECES = [
  '{{',
  '}}',
  '{{-',
  '-}}',
  ' ',
  '\n',
  '"',
  '`',
  "'",
  '(',
  ')',
  '|',
  ':=',
  '=',
  ',',
  '.',
  '$',
  '$x',
  '.Alerts',
  '.Labels',
  'if',
  'else',
  'end',
  'range',
  'with',
  'define',
  'template',
  'block',
  'break',
  'nil',
  'true',
  '1',
  '1.5',
  '-',
  '/*',
  '*/',
  'printf',
  'len',
  'index',
  'eq',
  'and',
  'toJson',
  'text',
  '%s',
  '\\',
] as const;

test('any text compiles and renders, or is refused with a place', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 3 })), { maxLength: 25 }),
      (parts) => {
        const source = parts.join(' ').replaceAll('{{ ', '{{');
        const result = (() => {
          try {
            return templates.compile(source).render(SAMPLE);
          } catch (error) {
            assert.ok(isFault(error), String(error));
            return { ok: false, problem: error.message };
          }
        })();
        if (!result.ok) assert.match((result as { problem: string }).problem, /the template:\d+:\d+: /);
      },
    ),
    { numRuns: 1_000 },
  );
});

test('text without actions is rendered as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      fc.pre(!text.includes('{{'));
      assert.equal(render(text), text);
    }),
  );
});
