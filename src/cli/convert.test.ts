import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCli, temporaryFolder } from './testing/run-cli.ts';

test('[BR-INT-011] convert turns JSON into XML, XML into YAML and YAML into JSON', async (t) => {
  const folder = await temporaryFolder(t);
  const signal = { labels: { alertname: 'DiskFull', host: 'a & b' } };
  await writeFile(join(folder, 'signal.json'), JSON.stringify(signal));
  const xml = await runCli(['convert', 'signal.json', '--to', 'xml', '--root', 'alert'], { folder });
  assert.equal(
    xml.stdout,
    '<alert><labels><alertname>DiskFull</alertname><host>a &amp; b</host></labels></alert>\n',
  );
  const asXml = ['convert', '-', '--content-type', 'text/xml', '--to', 'yaml'];
  const yaml = await runCli(asXml, { folder, input: xml.stdout });
  assert.equal(yaml.stdout, 'alert:\n  labels:\n    alertname: DiskFull\n    host: a & b\n');
  const json = await runCli(['convert', '-', '--content-type', 'text/yaml'], { folder, input: yaml.stdout });
  assert.deepEqual(JSON.parse(json.stdout), { alert: signal });
});

test('convert says what is wrong: 1 for the document, 2 for the call', async (t) => {
  const folder = await temporaryFolder(t);
  const broken = await runCli(['convert', '-', '--content-type', 'text/xml'], { folder, input: '<a>' });
  assert.equal(broken.code, 1);
  assert.match(broken.stderr, /not well-formed XML: line 1/);
  const list = await runCli(['convert', '-', '--to', 'xml'], { folder, input: '[1]' });
  assert.equal(list.code, 1);
  assert.match(list.stderr, /one root element/);
  assert.equal((await runCli(['convert', '-', '--to', 'toml'], { folder, input: '1' })).code, 2);
});
