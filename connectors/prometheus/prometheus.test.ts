import assert from 'node:assert/strict';
import { test } from 'node:test';
import { validateConfig } from '@signalbox/sdk';
import { conformance, sampleSnapshot, startFakeServer, testContext } from '@signalbox/sdk/testing';
import fc from 'fast-check';
import { escapeText } from './escape-text.ts';
import prometheus from './index.ts';
import { queriesFor } from './queries.ts';

const QUERY = 'sum by (code) (rate(http_requests_total{service="{{ labels.service }}"}[5m]))';

conformance(prometheus, {
  dir: import.meta.dirname,
  config: (url) => ({
    url,
    bearer_token: 'test-t0ken',
    tenant: 'team-a',
    queries: { errors: { query: QUERY } },
  }),
});

test('a value stands in double quotes, or the configuration is refused', () => {
  const accepts = (query: string) =>
    validateConfig(prometheus.config, { url: 'https://p.example', queries: { q: { query } } }).ok;
  const safe = [
    'up',
    'up{job="x"} > 1',
    QUERY,
    'up{pod=~"{{ labels.pod | regex }}.*", x="a\\"b"}',
    'up{pod="{{ labels.pod | default: \'none\' }}"}',
    '{% if labels.pod %}up{pod="{{ labels.pod }}"}{% else %}up{% endif %}',
  ];
  const unsafe = [
    '{{ labels.metric }}',
    'up > {% echo labels.limit %}',
    "up{job='{{ labels.job }}'}",
    'up{job=`{{ labels.job }}`}',
    'up{job="x"} > {{ labels.limit }}',
    'up{job="unclosed {{ labels.job }}',
    'up{job="a\\"} > {{ labels.limit }}',
  ];
  for (const query of safe) assert.ok(accepts(query), query);
  for (const query of unsafe) assert.ok(!accepts(query), query);
});

test('an escaped value never ends the text that it stands in, and reads back as it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (value) => {
      const escaped = escapeText(value);
      assert.doesNotMatch(escaped, /[\n\r]/);
      assert.match(`"${escaped}"`, /^"(?:[^"\\]|\\.)*"$/s);
      const read = escaped.replace(/\\(?:x00|.)/gs, (escape) =>
        escape === '\\x00' ? '\0' : escape === '\\n' ? '\n' : escape === '\\r' ? '\r' : escape.slice(1),
      );
      assert.equal(read, value.toWellFormed());
    }),
  );
});

test('a value becomes a literal of a pattern by the filter `regex`', () => {
  const config = {
    url: 'https://p.example',
    queries: { q: { query: 'up{pod=~"{{ labels.pod | regex }}.*"}' } },
    max_series: 5,
  };
  const alert = sampleSnapshot({ labels: { pod: 'a.b|"c' } });
  assert.deepEqual(queriesFor(alert, config), [{ name: 'q', text: 'up{pod=~"a\\\\.b\\\\|\\"c.*"}' }]);
});

test('what some queries say counts although others fail, and those are named', async (t) => {
  const server = await startFakeServer(({ query }) =>
    query['query'] === 'bad'
      ? { status: 422, body: { status: 'error', errorType: 'execution', error: 'too many samples' } }
      : { body: { status: 'success', data: { resultType: 'scalar', result: [1, '7'] } } },
  );
  t.after(server.close);
  const config = {
    url: server.url,
    queries: { good: { query: 'good' }, bad: { query: 'bad' } },
    max_series: 5,
  };
  const { context, close } = testContext({ config });
  t.after(close);
  const found = await prometheus.enricher!.enrich(sampleSnapshot(), context);
  assert.deepEqual(found['good'], [{ value: 7 }]);
  assert.deepEqual(Object.keys(found['missing'] as object), ['bad']);
});
