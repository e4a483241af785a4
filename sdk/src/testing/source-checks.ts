import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Source, SourceRequest } from '../connector.ts';
import type { AlertData } from '../event.ts';
import { isFault } from '../fault.ts';
import type { Check } from './checks.ts';
import type { SourceCase } from './fixtures.ts';
import { assertNoSecret } from './secrecy.ts';
import { TEST_NOW } from './test-context.ts';

export interface SourceSubject {
  readonly source: Source<unknown>;
  readonly cases: readonly SourceCase[];
  /** The validated configuration, with a case's own settings over it. */
  readonly configOf: (own: object) => unknown;
  readonly secrets: readonly string[];
}

/** How often the parser is fed with damaged samples. */
const DAMAGED_RUNS = 300;

/** Golden samples, purity, and that nothing a stranger sends makes the parser fail in another way than by refusing. */
export function checkSource(check: Check, { source, cases, configOf, secrets }: SourceSubject): void {
  const parse = (request: SourceRequest, own: object = {}) =>
    source.parse(deepFreeze(request), configOf(own), TEST_NOW);

  check('there is at least one sample in fixtures/source', () => assert.ok(cases.length > 0));

  for (const sample of cases) {
    check(`the source sample ${sample.name} yields exactly its expected events, twice`, () => {
      for (const round of ['first', 'second']) {
        assert.deepEqual(
          attempt(() => parse(sample.request, sample.config)),
          sample.expected,
          `${round} time`,
        );
      }
    });
  }

  check('the source reads only the headers that it declares, in lower case', () => {
    const declared = new Set(source.headers ?? []);
    for (const name of declared) assert.equal(name, name.toLowerCase());
    for (const { request, name } of cases) {
      const undeclared = Object.keys(request.headers).filter((header) => !declared.has(header));
      assert.deepEqual(undeclared, [], `the sample ${name} has headers that the host will not hand through`);
    }
  });

  check('empty and wrong-typed bodies are refused with SB_REJECTED', () => {
    const bodies = [
      undefined,
      null,
      '',
      '{',
      0,
      true,
      [],
      {},
      [null],
      [[]],
      { alerts: null },
      { alerts: {} },
      'x'.repeat(10_000),
    ];
    const contentTypes = source.contentTypes ?? ['application/json'];
    for (const body of bodies) {
      for (const contentType of contentTypes) {
        const request = { method: 'POST', path: '/hooks/test', query: {}, headers: {}, contentType, body };
        refuseOrYield(() => parse(request), secrets);
      }
    }
  });

  check('damaged samples are refused with SB_REJECTED or yield well-formed events', () => {
    if (cases.length === 0) return;
    const damaged = fc.record({
      sample: fc.constantFrom(...cases),
      damages: fc.array(fc.record({ at: fc.nat(), with: fc.option(fc.jsonValue(), { nil: undefined }) }), {
        minLength: 1,
        maxLength: 3,
      }),
    });
    fc.assert(
      fc.property(damaged, ({ sample, damages }) => {
        const body = damages.reduce(
          (rest: unknown, each) => damage(rest, each.at, each.with),
          sample.request.body,
        );
        refuseOrYield(() => parse({ ...sample.request, body }, sample.config), secrets);
        if (source.deliveryId)
          refuseOrYield(
            () => (source.deliveryId!({ ...sample.request, body }, configOf(sample.config)), []),
            secrets,
          );
      }),
      { numRuns: DAMAGED_RUNS },
    );
  });
}

/** The events, or what `expected.json` says about a fault. */
function attempt(parse: () => readonly AlertData[]): unknown {
  try {
    const events = parse();
    for (const event of events) assertWellFormed(event);
    // Golden files are JSON: what JSON leaves out is not there.
    return JSON.parse(JSON.stringify(events)) as unknown;
  } catch (error) {
    if (!isFault(error)) throw error;
    return { fault: { code: error.code, ...(error.field === undefined ? {} : { field: error.field }) } };
  }
}

function refuseOrYield(parse: () => readonly AlertData[], secrets: readonly string[]): void {
  try {
    for (const event of parse()) assertWellFormed(event);
  } catch (error) {
    if (!isFault(error) || error.code !== 'SB_REJECTED') throw error;
    assertNoSecret(secrets, 'the refusal', error);
  }
}

function assertWellFormed(event: AlertData): void {
  assert.ok(event.status === 'firing' || event.status === 'resolved', `status is ${String(event.status)}`);
  assert.ok(event.labels['alertname'], 'there is an alertname');
  for (const [name, value] of Object.entries(event.labels)) {
    assert.ok(typeof value === 'string' && value !== '', `label ${name} is a string that is not empty`);
  }
  for (const [name, value] of Object.entries(event.annotations)) {
    assert.equal(typeof value, 'string', `annotation ${name} is a string`);
  }
  for (const time of [event.startsAt, event.endsAt]) {
    if (time !== undefined)
      assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/, 'RFC 3339');
  }
}

/** A copy of a body in which the place number `at`, counted through the tree, is replaced; or cut out when nothing is given. */
function damage(body: unknown, at: number, replacement: unknown): unknown {
  const copy: unknown = structuredClone(body);
  const places: { readonly parent: object; readonly key: string }[] = [];
  const visit = (node: unknown) => {
    if (typeof node !== 'object' || node === null) return;
    for (const key of Object.keys(node)) {
      places.push({ parent: node, key });
      visit(node[key as keyof typeof node]);
    }
  };
  visit(copy);
  const place = places[at % (places.length + 1)];
  if (!place) return replacement;
  if (replacement !== undefined) Object.assign(place.parent, { [place.key]: replacement });
  else if (Array.isArray(place.parent)) place.parent.splice(Number(place.key), 1);
  else Reflect.deleteProperty(place.parent, place.key);
  return copy;
}

/** A parser that changes what it was given fails here. */
function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const field of Object.values(value)) deepFreeze(field);
  }
  return value;
}
