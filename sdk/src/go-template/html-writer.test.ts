import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createGoTemplates } from './template-set.ts';
import { SAMPLE } from './testing/sample.ts';

const templates = createGoTemplates();

/** Renders with `.CommonAnnotations.x` as the value. */
function render(source: string, x: string): string {
  const rendering = templates.compile(source, { as: 'html' }).render({ ...SAMPLE, commonAnnotations: { x } });
  return rendering.ok ? rendering.text : `problem: ${rendering.problem}`;
}

const X = '{{ .CommonAnnotations.x }}';

test('a value can’t leave text, a quoted or a bare attribute, whatever it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...Array.from('<>"\'`&=/ \n\0a:;(){}+%#-ü')) }), (x) => {
      assert.match(render(`<p>${X}</p>`, x), /^<p>[^<>"']*<\/p>$/);
      assert.match(render(`<p title="${X}">`, x), /^<p title="[^<>"']*">$/);
      assert.match(render(`<p title='${X}'>`, x), /^<p title='[^<>"']*'>$/);
      assert.match(render(`<p title=${X}>`, x), /^<p title=[^<>"'\s`=]+>$/);
      assert.match(render(`<title>${X}</title>`, x), /^<title>[^<>"']*<\/title>$/);
    }),
  );
});

test('an address has no scheme but http, https and mailto', () => {
  fc.assert(
    fc.property(
      fc.webUrl(),
      fc.constantFrom('javascript', 'JavaScript', 'data', 'vbscript', ' javascript'),
      (url, scheme) => {
        assert.ok(!render(`<a href="${X}">`, url).includes('ZgotmplZ'));
        assert.equal(render(`<a href="${X}">`, `${scheme}:alert(1)`), '<a href="#ZgotmplZ">');
      },
    ),
  );
  assert.equal(render(`<a href="https://x/?q=${X}">`, 'a&b=c d'), '<a href="https://x/?q=a%26b%3dc%20d">');
  assert.equal(render(`<a href="https://x/${X}">`, 'a/b?c'), '<a href="https://x/a/b?c">');
});

test('a value of CSS is one plain word, and is refused where it could be more', () => {
  assert.equal(render(`<p style="color: ${X}">`, '#ff0000'), '<p style="color: #ff0000">');
  assert.equal(render(`<p style="color: ${X}">`, 'red; background: url(x)'), '<p style="color: ZgotmplZ">');
  assert.match(render(`<p style="background: url(${X})">`, 'x'), /^problem: .*address of CSS/);
  assert.match(render(`<p style="font-family: '${X}'">`, 'x'), /^problem: .*quoted text/);
});

test('values inside of scripts and event handlers are refused', () => {
  assert.match(render(`<script>var x = ${X}</script>`, 'x'), /^problem: the template:1:20: .*script/);
  assert.match(render(`<p onclick="f(${X})">`, 'x'), /^problem: .*event handler/);
});

test('a value can name an attribute only when it holds plain text', () => {
  assert.equal(render(`<p ${X}="x">`, 'title'), '<p title="x">');
  for (const name of ['onclick', 'href', 'style', 'x y', '']) {
    assert.equal(render(`<p ${X}="x">`, name), '<p ZgotmplZ="x">');
  }
});

test('states go on through branches and templates', () => {
  const source = `{{ define "v" }}${X}{{ end }}<a href="{{ if true }}https://x/{{ end }}{{ template "v" . }}">{{ template "v" . }}</a>`;
  assert.equal(render(source, '<b> c'), '<a href="https://x/%3cb%3e%20c">&lt;b&gt; c</a>');
});

test('comments of the template are left out, and its own markup stays', () => {
  assert.equal(render(`<!-- ${X} --><p>a &amp; b</p>`, 'x'), '<p>a &amp; b</p>');
  assert.equal(render('{{ safeHtml "<b>x</b>" }}{{ html "<" }}', 'x'), '<b>x</b>&lt;');
});
