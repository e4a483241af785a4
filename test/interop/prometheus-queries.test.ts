import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { sampleSnapshot, testContext } from '@signalbox/sdk/testing';
import prometheus from '../../connectors/prometheus/index.ts';
import { until } from '../harness.ts';
import { startExporter } from './exporter.ts';
import { freePort, missingPrograms, reportVersions } from './program.ts';
import { startPrometheus } from './prometheus.ts';

test('[BR-AP-013] a real Prometheus answers what belongs to an alert, now and over time, and takes no label for a part of the query', async (t) => {
  const missing = missingPrograms(['prometheus']);
  if (missing !== undefined) return t.skip(missing);
  reportVersions(t, ['prometheus']);

  await using cleanup = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-interop-'));
  cleanup.defer(() => rm(folder, { recursive: true }));
  const exporter = await startExporter('disk_used_ratio');
  cleanup.defer(() => exporter.close());
  exporter.set(0.97);
  const port = await freePort();
  const server = await startPrometheus({
    folder,
    target: exporter.address,
    alertmanager: '127.0.0.1:9',
    rules: [],
    port,
  });
  cleanup.defer(async () => void (await server.stop()));

  const config = {
    url: `http://127.0.0.1:${port}`,
    max_series: 5,
    queries: {
      used: { query: 'disk_used_ratio{instance="{{ labels.instance }}"}' },
      alike: { query: 'count(disk_used_ratio{instance=~"{{ labels.instance | regex }}"})' },
      hour: { query: 'disk_used_ratio{instance="{{ labels.instance }}"}', range: '1h' },
    },
  };
  const { context, close } = testContext({ config, now: () => new Date() });
  cleanup.defer(close);
  await prometheus.probe!(context);
  const ask = (instance: string) =>
    prometheus.enricher!.enrich(sampleSnapshot({ labels: { instance } }), context);

  const found = await until('it has scraped', async () => {
    const answer = await ask(exporter.address);
    return answer['hour'] !== undefined && answer;
  });
  const labels = { __name__: 'disk_used_ratio', instance: exporter.address, job: 'app' };
  assert.deepEqual(found['used'], [{ labels, value: 0.97 }]);
  assert.deepEqual(found['alike'], [{ value: 1 }]);
  const [hour] = found['hour'] as readonly { min: number; max: number; mean: number }[];
  assert.deepEqual([hour?.min, hour?.max, hour?.mean], [0.97, 0.97, 0.97]);

  for (const hostile of ['x"} or vector(1) # ', 'x\\', '.*', 'x\n"}', '\0']) {
    assert.deepEqual(await ask(hostile), {}, JSON.stringify(hostile));
  }
});
