import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { checkRepository, findViolations } from '../scripts/architecture.ts';
import { importsOf } from '../scripts/imports.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

test('the repository keeps the rules of the house', () => {
  const found = checkRepository(root).map(({ file, problem, rule }) => `${file} ${problem}: ${rule}`);
  assert.equal(found.join('\n'), '');
});

describe('a breach is found:', () => {
  const breaches: readonly [name: string, path: string, text: string, rule: RegExp][] = [
    [
      'the model imports the pipeline',
      'src/model/a.ts',
      "import { b } from '../pipeline/b.ts';",
      /nothing else/,
    ],
    ['the model runs the SDK', 'src/model/a.ts', "import { isFault } from '@signalbox/sdk';", /only types/],
    ['the model uses a package', 'src/model/a.ts', "import { Ajv } from 'ajv';", /no package but re2js/],
    ['the SDK imports the hub', 'sdk/src/a.ts', "import { b } from '../../src/lib/b.ts';", /nothing else/],
    ['the flow imports a driver', 'src/intake/a.ts', "import { b } from '../store/sqlite/b.ts';", /ports/],
    [
      'the flow imports a connector',
      'src/delivery/a.ts',
      "import b from '../../connectors/x/index.ts';",
      /ports/,
    ],
    [
      'the API opens a database',
      'src/api/a.ts',
      "import { b } from '../lib/sqlite.ts';",
      /construct drivers/,
    ],
    ['the flow opens a database', 'src/pipeline/a.ts', "import { b } from '../lib/sqlite.ts';", /ports/],
    [
      'the host constructs a driver',
      'src/host/a.ts',
      "import { b } from '../journal/sqlite/b.ts';",
      /construct drivers/,
    ],
    [
      'the API reads the registry',
      'src/api/a.ts',
      "const b = await import('../../connectors/registry.generated.ts');",
      /only src\/host/,
    ],
    ['the API holds SQL', 'src/api/a.ts', "db.prepare('SELECT * FROM alerts');", /no SQL/],
    [
      'a connector imports the hub',
      'connectors/x/a.ts',
      "import { b } from '../../src/lib/id.ts';",
      /a connector imports/,
    ],
    [
      'a connector imports another one',
      'connectors/x/a.ts',
      "import { b } from '../y/b.ts';",
      /a connector imports/,
    ],
    [
      'a connector imports an undeclared package',
      'connectors/x/a.ts',
      "import b from 'left-pad';",
      /a connector imports/,
    ],
    [
      'a connector starts processes',
      'connectors/x/a.ts',
      "import { spawn } from 'node:child_process';",
      /a connector imports/,
    ],
    ['a drawer', 'src/intake/utils.ts', '', /named after/],
    ['a barrel', 'src/intake/index.ts', '', /barrel/],
    ['a barrel by another name', 'src/intake/all.ts', "export * from './a.ts';", /barrel/],
    ['a long file without a reason', 'src/intake/a.ts', 'export {};\n'.repeat(401), /over 400 lines/],
  ];
  for (const [name, path, text, rule] of breaches) {
    test(name, () => {
      const found = findViolations([{ path, text }], new Set(['ajv']));
      assert.ok(
        found.some((violation) => violation.file === path && rule.test(violation.rule)),
        JSON.stringify(found),
      );
    });
  }

  test('a circle of imports', () => {
    const found = findViolations(
      [
        { path: 'src/intake/a.ts', text: "import { b } from './b.ts';" },
        { path: 'src/intake/b.ts', text: "import type { a } from './a.ts';" },
      ],
      new Set(),
    );
    assert.deepEqual(
      found.map(({ problem }) => problem),
      ['src/intake/a.ts → src/intake/b.ts → src/intake/a.ts'],
    );
  });
});

test('what the rules allow is left alone', () => {
  const allowed = [
    {
      path: 'src/model/a.ts',
      text: "import type { Event } from '@signalbox/sdk';\nimport { RE2JS } from 're2js';",
    },
    {
      path: 'src/intake/a.ts',
      text: "import type { Journal } from '../journal/port.ts';\n// import '../store/sqlite/x.ts';",
    },
    { path: 'src/app.ts', text: "import { openStore } from './store/sqlite/store.ts';" },
    {
      path: 'connectors/x/a.ts',
      text: "import { Type } from '@signalbox/sdk';\nimport { createHmac } from 'node:crypto';",
    },
    {
      path: 'src/intake/b.ts',
      text: `// This file is long because of its table.\n${'export {};\n'.repeat(500)}`,
    },
  ];
  assert.deepEqual(findViolations(allowed, new Set()), []);
});

test('imports are read from code, not from comments or templates', () => {
  const text = `
    import type { A } from './a.ts'; // import './no.ts'
    import b, { type C } from "pkg/sub";
    /* import './no.ts' */
    export { d } from '../d.ts';
    const url = 'http://example.org'; const e = await import('@scope/name/x');
    const source = \`import './no.ts'\`;
    import 'node:fs';`;
  assert.deepEqual(
    importsOf({ path: 'src/x/file.ts', text }).map(({ target, packageName, typeOnly }) => [
      target ?? packageName,
      typeOnly,
    ]),
    [
      ['src/x/a.ts', true],
      ['pkg', false],
      ['src/d.ts', false],
      [undefined, false],
      ['@scope/name', false],
    ],
  );
});
