// Ours against Alertmanager's own template engine, case by case.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { templateData } from './template-data.ts';
import { amtoolVersion, isAtLeast, runAmtool } from './testing/amtool.ts';
import { CORPUS, type Case } from './testing/corpus.ts';
import { renderCase, SAMPLE_FILE } from './testing/render-case.ts';
import { SAMPLE } from './testing/sample.ts';
import { toJson } from './to-json.ts';

const version = amtoolVersion();
const skip = version === undefined ? 'amtool of Alertmanager is not installed' : false;

const folder = mkdtempSync(join(tmpdir(), 'signalbox-go-template-'));
after(() => rmSync(folder, { recursive: true }));
const data = join(folder, 'data.json');
writeFileSync(
  data,
  toJson(templateData(SAMPLE), () => {}),
);
writeFileSync(join(folder, 'sample.tmpl'), SAMPLE_FILE);

/** Where Debian's package keeps the built-in definitions, which its amtool does not read by itself. */
const packaged = '/usr/share/prometheus/alertmanager/default.tmpl';
const globs = [...(version === '0.25' && existsSync(packaged) ? [packaged] : []), join(folder, '*.tmpl')];

test('the corpus is rendered, or refused, as by the real Alertmanager', { skip }, async (t) => {
  for (const one of CORPUS) {
    const tooOld = one.since !== undefined && !isAtLeast(version!, one.since);
    const reason = tooOld ? `needs Alertmanager ${one.since}, ${version} is installed` : false;
    await t.test(`${one.as ?? 'text'} ${one.text}`, { skip: reason }, () => {
      assert.deepEqual(renderCase(one), theirsOf(one));
    });
  }
});

function theirsOf({ text, as = 'text' }: Case): string {
  const { ok, stdout } = runAmtool([
    'template',
    'render',
    ...globs.map((glob) => `--template.glob=${glob}`),
    `--template.text=${text}`,
    `--template.type=${as}`,
    `--template.data=${data}`,
  ]);
  return ok ? stdout : 'refused';
}
