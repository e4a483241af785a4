import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileAlertTemplate } from './alert-template.ts';
import { isFault } from './fault.ts';
import { sampleSnapshot } from './testing/enricher-checks.ts';

const render = (source: string, labels: Record<string, string> = { host: 'db/1' }) =>
  compileAlertTemplate(source, { field: 'config.url', escape: encodeURIComponent }).render(
    sampleSnapshot({ labels }),
  );

test('every value that is written is escaped, and text of the template is not', () => {
  assert.equal(render('/hosts/{{ labels.host }}?a=b/c'), '/hosts/db%2F1?a=b/c');
  assert.equal(render('/{{ labels.host | upcase }}'), '/DB%2F1');
});

test('a template that names what the alert does not have gives nothing, unless it says what then', () => {
  assert.equal(render('/{{ labels.pod }}'), undefined);
  assert.equal(render('/{{ labels.pod | default: "none" }}'), '/none');
  assert.equal(render('/{% if labels.pod %}{{ labels.pod }}{% else %}all{% endif %}'), '/all');
});

test('a label cannot name what objects inherit, and its text is never a template', () => {
  assert.equal(render('/{{ labels.constructor }}'), undefined);
  assert.equal(render('/{{ labels.host }}', { host: '{{ labels.host }}' }), '/%7B%7B%20labels.host%20%7D%7D');
});

test('a wrong source is a fault of the configuration, and one that fails later refuses the alert', () => {
  assert.throws(
    () => compileAlertTemplate('{{', { field: 'config.url', escape: String }),
    (error) => isFault(error) && error.code === 'SB_CONFIG' && error.field === 'config.url',
  );
  assert.throws(
    () => render('{% for i in (1..100000000) %}x{% endfor %}'),
    (error) => isFault(error) && error.code === 'SB_REJECTED',
  );
});
