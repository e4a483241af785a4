import assert from 'node:assert/strict';
import type { Connector } from '../connector.ts';
import type { DeliverContext } from '../context.ts';
import type { AlertSnapshot } from '../enricher.ts';
import type { Check } from './checks.ts';
import type { EnricherCase } from './fixtures.ts';
import { createTestCertificate } from './certificate.ts';
import { STATUS_FAULTS } from './notifier-checks.ts';
import { createVendorCall, endsOnAbort, leavesNoHandle, pick } from './vendor-call.ts';

type Config = Record<string, unknown>;

export interface EnricherSubject {
  readonly connector: Connector;
  readonly cases: readonly EnricherCase[];
  /** The validated configuration for a vendor at this address, with a case's own settings over it. */
  readonly configOf: (baseUrl: string, own: object) => Config;
}

const MAX_KEY_CHARACTERS = 1_024;
const MAX_ANSWER_BYTES = 16 * 1_024;

/** The alert of an enricher's fixtures, with what differs. */
export function sampleSnapshot(changes: Partial<AlertSnapshot> = {}): AlertSnapshot {
  return {
    labels: { alertname: 'DiskFull', instance: 'db-1', severity: 'critical' },
    annotations: { summary: 'Disk /var is 96% full' },
    severity: 'critical',
    status: 'firing',
    startsAt: '2026-11-20T09:14:05.000Z',
    fingerprint: '6b2f0c1d9e8a7f35',
    integration: 'prom',
    ...changes,
  };
}

/** Keys are pure and short, answers plain and as in the samples; and over HTTP the table of faults, secrecy, aborts and handles. */
export function checkEnricher(check: Check, { connector, cases, configOf }: EnricherSubject): void {
  const enricher = connector.enricher!;
  const asked = cases.filter(({ expected }) => expected !== undefined);
  const [sample] = cases.filter(({ requests }) => requests.length > 0);
  const call = createVendorCall(connector, (baseUrl, own) => configOf(baseUrl, own ?? sample?.config ?? {}));
  const enrich = (context: DeliverContext<Config>, each: EnricherCase) => {
    const alert = sampleSnapshot(each.alert);
    enricher.cacheKey(alert, context.config);
    return enricher.enrich(alert, context);
  };

  check('there is a sample in fixtures/enricher that finds something', () => assert.ok(asked.length > 0));

  check('a key is pure and short, and there is none where nothing is asked', () => {
    for (const each of cases) {
      const config = configOf('https://vendor.example', each.config);
      const alert = sampleSnapshot(each.alert);
      const key = enricher.cacheKey(alert, config);
      assert.equal(enricher.cacheKey(structuredClone(alert), config), key, each.name);
      assert.equal(key !== undefined, each.expected !== undefined, `${each.name}: key and expected.json`);
      assert.ok((key?.length ?? 0) <= MAX_KEY_CHARACTERS, each.name);
    }
  });

  check('an alert without labels, and one with odd ones, does not break the key', () => {
    const config = configOf('https://vendor.example', sample?.config ?? cases[0]?.config ?? {});
    for (const labels of [{}, { instance: '' }, { instance: '"}\n\\ ../..?&#' }, { __proto__x: 'x' }]) {
      const key = enricher.cacheKey(sampleSnapshot({ labels }), config);
      assert.ok(key === undefined || typeof key === 'string');
    }
  });

  for (const each of asked) {
    check(`the enricher sample ${each.name} finds exactly what is expected`, async () => {
      const { fault, returned, server } = await call(each.response, (context) => enrich(context, each), {
        own: each.config,
      });
      if (fault) {
        assert.deepEqual({ fault: { code: fault.code } }, each.expected, fault.message);
        return;
      }
      assert.deepEqual(JSON.parse(JSON.stringify(returned)), each.expected);
      assert.ok(Buffer.byteLength(JSON.stringify(returned)) <= MAX_ANSWER_BYTES);
      const sent = server.requests.map((request) => pick(request, each.requests[0]));
      assert.deepEqual(inOrder(sent), inOrder(each.requests));
    });
  }
  if (!sample) return;
  const ask = (context: DeliverContext<Config>) => enrich(context, sample);

  for (const [status, code] of STATUS_FAULTS) {
    check(`an enricher's status ${status} is ${code}`, async () => {
      const { fault } = await call({ status, headers: { 'retry-after': '7' }, body: 'no' }, ask);
      assert.equal(fault?.code, code);
    });
  }

  check(
    'an enricher whose vendor can not be reached, does not answer or has a wrong certificate is SB_UNAVAILABLE',
    async () => {
      const refused = await call({}, async (context, server) => {
        await server.close();
        return ask(context);
      });
      const silent = await call('silent', ask, { http: { silenceMs: 50 } });
      const unknown = await call({ body: {} }, ask, {
        server: { tls: createTestCertificate(['127.0.0.1']) },
      });
      for (const { fault } of [refused, silent, unknown]) assert.equal(fault?.code, 'SB_UNAVAILABLE');
    },
  );

  check('garbage from the vendor is a fault or an answer, and never a bug', async () => {
    const bodies = [
      '<html>proxy</html>',
      'null',
      '7',
      '[]',
      '[null]',
      '{"data":null}',
      '{"data":{"result":[null]}}',
    ];
    // Anything but a fault is thrown on by the call.
    for (const body of bodies) {
      const { fault, returned } = await call(
        { status: 200, headers: { 'content-type': 'application/json' }, body },
        ask,
      );
      if (fault === undefined) assert.equal(typeof returned, 'object', body);
    }
  });

  check('aborting the signal ends a question within a second', async () => {
    await endsOnAbort((abort) =>
      call(
        'silent',
        async (context, server) => {
          void server.nextRequest().then(() => abort.abort());
          return ask(context);
        },
        { signal: abort.signal },
      ),
    );
  });

  check('a question leaves no handle behind', async () => {
    await leavesNoHandle(async () => {
      const { fault } = await call(sample.response, ask);
      if (fault) throw fault;
    });
  });
}

function inOrder(requests: readonly object[]): readonly object[] {
  return requests.toSorted((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
}
