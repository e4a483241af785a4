import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compileExpression, EXPRESSION_MAX_CHARS } from './expression.ts';
import { isFault } from './fault.ts';

const BODY = {
  title: 'Disk full on host:db-1',
  count: 5,
  ratio: 1.5,
  empty: '',
  nothing: null,
  tags: ['a', 'b'],
  items: [
    { name: 'x', up: true },
    { name: 'y', up: false },
  ],
  'dotted.name': 'yes',
};

function run(source: string, body: unknown = BODY): unknown {
  return compileExpression(source, { variables: ['body'] }).evaluate({ body });
}

function compileFault(source: string): string {
  try {
    compileExpression(source, { variables: ['body'] });
  } catch (error) {
    assert.ok(isFault(error) && error.code === 'SB_CONFIG', String(error));
    return error.message;
  }
  return assert.fail(`${source} compiled`);
}

function runFault(source: string, body: unknown = BODY): string {
  try {
    const value = run(source, body);
    return assert.fail(`${source} gave ${JSON.stringify(value)}`);
  } catch (error) {
    assert.ok(isFault(error) && error.code === 'SB_REJECTED', String(error));
    return error.message;
  }
}

test('[BR-AP-005] an expression reads, compares and builds plain JSON from a payload', () => {
  const cases: [string, unknown][] = [
    ['body.title', BODY.title],
    ['body["dotted.name"]', 'yes'],
    ['body.count + 1', 6],
    ['2 * body.ratio', 3],
    ['body.count / 2 - 0.5', 2],
    ['body.count > 4 ? "many" : "few"', 'many'],
    ['body.items.filter(i, !i.up).map(i, i.name)', ['y']],
    ['{"n": body.count, "l": [1, "two"], "m": {"k": true}}', { n: 5, l: [1, 'two'], m: { k: true } }],
    ['9007199254740993', '9007199254740993'],
    ['7u', 7],
    ['b"hi"', 'aGk='],
    ['timestamp("2024-01-15T10:30:00Z")', '2024-01-15T10:30:00.000Z'],
    ['duration("1m30s")', '90s'],
    ['body.?nope.?deeper', null],
    ['optional.of(body.tags)', ['a', 'b']],
    ['string(body.count) + "x"', '5x'],
    ['has(body.title) && !has(body.nope)', true],
    ['body.nothing', null],
    ['1.0 / 0.0', null],
  ];
  for (const [source, expected] of cases) assert.deepEqual(run(source), expected, source);
});

test('the functions beyond CEL do what their documentation says', () => {
  const cases: [string, unknown][] = [
    ["body.title.re('^disk')", false],
    ["body.title.re('(?i)^disk')", true],
    ["body.title.capture('on host:(\\\\S+)')", 'db-1'],
    ["body.title.capture('nope(.)')", ''],
    ['" Ab ".trim().lower() + "x".upper()', 'abX'],
    ['"a,b".split(",").join("-")', 'a-b'],
    ['default(body.nope.deeper, "instead")', 'instead'],
    ['default(body.nothing, "instead")', 'instead'],
    ['default(body.empty, "instead")', 'instead'],
    ['default(body.tags[7], "instead")', 'instead'],
    ['default(body.count, 0)', 5],
    ['rfc3339(1498861543)', '2017-06-30T22:25:43.000Z'],
    ['rfc3339("1772532671000")', '2026-03-03T10:11:11.000Z'],
    ['rfc3339("2026-03-03 10:11:12", "Europe/Berlin")', '2026-03-03T09:11:12.000Z'],
    ['rfc3339("soon")', null],
    ['to_json({"a": [1, "x"]})', '{"a":[1,"x"]}'],
    ['to_yaml({"a": [1, "yes"]})', 'a:\n  - 1\n  - "yes"\n'],
    ['to_xml({"a": {"@id": 7, "b": ["x", "<"]}})', '<a id="7"><b>x</b><b>&lt;</b></a>'],
  ];
  for (const [source, expected] of cases) assert.deepEqual(run(source), expected, source);
});

test('a wrong expression is refused when it is compiled, with line and column', () => {
  assert.match(compileFault('body.a +\n  )'), /line 2, column 3/);
  assert.match(compileFault('1 +\n nope'), /Unknown variable: nope at line 2, column 2/);
  assert.match(compileFault('body.title.shout()'), /no matching overload.*line 1, column 1/);
  assert.match(compileFault(''), /line 1, column 1/);
  assert.match(compileFault(' '.repeat(EXPRESSION_MAX_CHARS + 1)), /longer than 4096/);
});

test('what may run for ever or reach beyond the data is refused when it is compiled', () => {
  assert.match(compileFault('body.title.matches("^(a+)+$")'), /`re`.*line 1, column 1/);
  assert.match(compileFault('[body].map(b, b.title.matches("x"))'), /`re`/);
  assert.match(compileFault('body.title.re(body.title)'), /written out/);
  assert.match(compileFault('body.title.re("(a)\\\\1")'), /RE2/);
  assert.match(compileFault('body.title.re("((a{30}){30}){1,30}")'), /too large/);
  assert.match(compileFault('body.items.map(a, body.items.map(b, body.items.map(c, c)))'), /nested/);
  assert.match(compileFault('body.__proto__'), /__proto__/);
  assert.match(compileFault('[' + '1,'.repeat(300) + '1]'), /maxListElements/);
  assert.match(compileFault('('.repeat(200) + '1' + ')'.repeat(200)), /maxDepth/);
  assert.match(compileFault('!'.repeat(3_000) + 'true'), /maxAstNodes/);
});

test('what does not fit a payload names the expression and never the data', () => {
  const secret = { token: 's3cret', text: 'very private', n: 1e300 };
  const sources = [
    'body.nope',
    'body[body.token]',
    'int(body.text)',
    'bool(body.text)',
    'duration(body.text)',
  ];
  for (const source of [
    ...sources,
    'timestamp(body.text)',
    'body.text + 1',
    'body.text ? 1 : 2',
    'body.text.all(x, x)',
  ]) {
    const message = runFault(source, secret);
    assert.ok(!/s3cret|private/.test(message), message);
    assert.match(message, /line 1, column \d+/);
  }
  assert.match(runFault('body.title.size() > body.nope'), /`nope` \(line 1, column 26\).*default\(/);
});

test('an evaluation that would take too long or too much memory stops early', () => {
  const letters = 'a'.repeat(60_000);
  const many = Array.from({ length: 5_000 }, (_, index) => `item ${index}`);
  const hostile: [string, unknown][] = [
    ['body.exists(a, body.exists(b, a == b + "x"))', many],
    ['body.all(a, a in body)', many],
    ['[body].map(x, body == body)', Array.from({ length: 9_000 }, () => many.slice(0, 100))],
    [`["x"]${'.map(a, a + a)'.repeat(40)}`, null],
    [`[[1]]${'.map(a, a + a)'.repeat(40)}`, null],
    ['body.split("")', letters],
    ['body.contains(body + "b")', letters],
    ["[1,2,3,4,5].map(i, body.re('(a|b|ab)*c'))", letters],
    ['duration(body)', '1'.repeat(60_000)],
    ['body.size()', Array.from({ length: 10_001 }, () => 1)],
  ];
  for (const [source, body] of hostile) {
    assert.match(runFault(source, body), /too many steps|longer than|more than/, source);
  }
});

test('a shared budget bounds many evaluations together', () => {
  const expression = compileExpression('body.tags.exists(t, t == "b")', { variables: ['body'] });
  const budget = { steps: 100 };
  assert.throws(() => {
    for (let round = 0; round < 100; round++) expression.evaluate({ body: BODY }, budget);
  }, /too many steps/);
  assert.equal(expression.evaluate({ body: BODY }), true);
});

test('no payload and no expression gives access to prototypes or functions', () => {
  const body = JSON.parse(
    '{"__proto__": {"polluted": 1}, "constructor": "x", "a": {"hasOwnProperty": 1}}',
  ) as unknown;
  for (const source of [
    'body.constructor',
    'body["__proto__"]',
    'body.toString',
    'body.a.valueOf',
    '"x".length',
  ]) {
    try {
      assert.notEqual(typeof run(source, body), 'function', source);
    } catch (error) {
      assert.ok(isFault(error), source);
    }
  }
  for (const source of [
    'timestamp("2024-01-15T10:30:00Z").constructor',
    'timestamp("2024-01-15T10:30:00Z").getTime',
  ]) {
    runFault(source);
  }
  assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
  assert.deepEqual(run('{"__proto__": {"polluted": 1}, "ok": 1}'), { ok: 1 });
});

const PIECES = [
  'body',
  '.a',
  '.map(x, ',
  '.filter(y, ',
  ')',
  '(',
  '[',
  ']',
  '{',
  '}',
  '"s"',
  '1',
  '1.5',
  ' + ',
  ' == ',
  ' in ',
  '.?b',
];
const MORE = [
  '?',
  ':',
  ',',
  '&&',
  '||',
  '!',
  '-',
  "r'\\d'",
  '.re("x")',
  '.matches("x")',
  'has(',
  'default(',
  'null',
  '\n',
  'cel.bind(z, ',
];

test('whatever the source and the payload, the outcome is plain JSON or a fault', () => {
  const source = fc.oneof(
    fc.array(fc.constantFrom(...PIECES, ...MORE), { maxLength: 40 }).map((pieces) => pieces.join('')),
    fc.string({ maxLength: 60 }),
  );
  fc.assert(
    fc.property(source, fc.jsonValue({ maxDepth: 4 }), (text, body) => {
      try {
        const value = run(text, body);
        assert.deepEqual(JSON.parse(JSON.stringify(value)), value);
      } catch (error) {
        if (!isFault(error)) throw error;
      }
    }),
    { numRuns: 500 },
  );
});
