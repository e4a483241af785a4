import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goDefinitions, goTemplate, Type, type Connector } from '@signalbox/sdk';
import { formatFinding } from './finding.ts';
import { brief, load, REST, TEST_CONNECTORS } from './testing.ts';

const CONNECTORS: readonly Connector[] = [
  ...TEST_CONNECTORS,
  {
    ...TEST_CONNECTORS[1]!,
    id: 'worded',
    config: Type.Object({
      go_templates: Type.Optional(
        Type.Object({ title: goTemplate('A title.', '{{ .Status }}'), definitions: goDefinitions() }),
      ),
    }),
  },
];

function config(goTemplates: string, templates: string): string {
  return `integrations:
  prom: { connector: in }
  pager: { connector: worded, config: { go_templates: ${goTemplates} } }
templates: ${templates}
${REST}`;
}

test('files of templates come before the definitions of an integration, in the order of their names', async (t) => {
  const own = `{ title: x, definitions: [{ name: own, source: '{{ define "x" }}3{{ end }}' }] }`;
  const more = { 't/b.tmpl': 'b', 't/a.tmpl': 'a', 't/c.txt': 'c' };
  const result = await load(t, config(own, '[t/*.tmpl, none/*.tmpl]'), { connectors: CONNECTORS, more });
  assert.ok(result.ok, JSON.stringify(result));
  assert.deepEqual(result.settings.integrations['pager']!.config['go_templates'], {
    title: 'x',
    definitions: [
      { name: 'a.tmpl', source: 'a' },
      { name: 'b.tmpl', source: 'b' },
      { name: 'own', source: '{{ define "x" }}3{{ end }}' },
    ],
  });
});

test('[BR-CFG-002] a template that does not compile is refused with its place: in a field, in a file, in a label of a route', async (t) => {
  const more = { 'bad.tmpl': 'x\n{{ end }}' };
  const text = config(`{ title: '{{ if }}' }`, '[bad.tmpl]').replace(
    'receiver: on-call',
    `receiver: on-call\n  labels: { team: '{{ nope }}' }`,
  );
  const result = await load(t, text, { connectors: CONNECTORS, more });
  assert.ok(!result.ok);
  assert.deepEqual(brief(result.errors), ['3:64 bad_expression', '4:13 bad_template', '9:19 bad_expression']);
  assert.match(formatFinding(result.errors[1]!), /bad\.tmpl:2:/);
});

test('labels of a route hold for its children, which may say them anew', async (t) => {
  const text = `integrations: { prom: { connector: in }, pager: { connector: out } }
receivers: { on-call: [{ integration: pager }] }
routes:
  receiver: on-call
  labels: { a: '1', b: '2' }
  routes: [{ matchers: x="y", labels: { b: '3' } }]
`;
  const result = await load(t, text);
  assert.ok(result.ok, JSON.stringify(result));
  assert.deepEqual(result.settings.route.routes[0]!.labels, { a: '1', b: '3' });
});
