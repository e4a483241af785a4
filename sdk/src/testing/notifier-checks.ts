import assert from 'node:assert/strict';
import type { Connector } from '../connector.ts';
import type { DeliverContext } from '../context.ts';
import type { FaultCode } from '../fault.ts';
import type { HttpClientOptions } from '../http-client.ts';
import { secretValues } from '../redact.ts';
import { createTestCertificate } from './certificate.ts';
import type { Check } from './checks.ts';
import type { NotifierCase } from './fixtures.ts';
import { assertNoSecret } from './secrecy.ts';
import { createVendorCall, endsOnAbort, leavesNoHandle, pick } from './vendor-call.ts';

type Config = Record<string, unknown>;

export interface NotifierSubject {
  readonly connector: Connector;
  readonly cases: readonly NotifierCase[];
  /** The case whose notification is sent in the checks of faults. */
  readonly sample: NotifierCase | undefined;
  /** The validated configuration for a vendor at this address, with a case's own settings over it. */
  readonly configOf: (baseUrl: string, own: object) => Config;
}

/** Which fault each status means (design §4). */
export const STATUS_FAULTS: readonly (readonly [status: number, code: FaultCode])[] = [
  [400, 'SB_REJECTED'],
  [401, 'SB_AUTH'],
  [403, 'SB_AUTH'],
  [404, 'SB_REJECTED'],
  [408, 'SB_UNAVAILABLE'],
  [413, 'SB_REJECTED'],
  [429, 'SB_RATE_LIMITED'],
  [500, 'SB_UNAVAILABLE'],
  [502, 'SB_UNAVAILABLE'],
  [503, 'SB_UNAVAILABLE'],
];

/** What must hold for every notifier, whatever it speaks. */
export function checkNotifier(check: Check, { connector, cases, configOf }: NotifierSubject): void {
  const notifier = connector.notifier!;

  check('there is at least one sample in fixtures/notifier', () => assert.ok(cases.length > 0));

  check('rendering is pure and shows no secret', () => {
    for (const { notification, config: own } of cases) {
      const config = configOf('https://vendor.example', own);
      const first = notifier.render(notification, config);
      assert.deepEqual(notifier.render(structuredClone(notification), structuredClone(config)), first);
      assert.ok(first.contentType.includes('/') && first.body !== '', 'it says what would be sent');
      assertNoSecret(secretValues(connector.config, config), 'the rendering', first.body);
    }
  });
}

/** What must hold for a notifier that speaks HTTP: golden requests, the table of faults, secrecy, aborts, handles. */
export function checkHttpNotifier(check: Check, subject: NotifierSubject): void {
  const { connector, cases, sample, configOf } = subject;
  const notifier = connector.notifier!;

  const call = createVendorCall(connector, (baseUrl, own) => configOf(baseUrl, own ?? sample?.config ?? {}));
  const deliver = (context: DeliverContext<Config>) => notifier.deliver(sample!.notification, context);

  for (const each of cases) {
    check(`the notifier sample ${each.name} sends exactly its request`, async () => {
      const { fault, server } = await call(
        each.response,
        (context) => notifier.deliver(each.notification, context),
        { own: each.config },
      );
      if (fault) throw fault;
      assert.ok(each.requests, `fixtures/notifier/${each.name}/request.json is missing`);
      const sent = server.requests.map((request, index) => pick(request, each.requests![index]));
      assert.deepEqual(sent, each.requests);
    });
  }
  if (!sample) return;

  for (const [status, code] of STATUS_FAULTS) {
    check(`status ${status} is ${code}`, async () => {
      const { fault } = await call({ status, headers: { 'retry-after': '7' }, body: 'no' }, deliver);
      assert.equal(fault?.code, code);
      if (status === 429 || status === 503) assert.equal(fault.retryAfterMs, 7_000, 'Retry-After is kept');
    });
  }

  check('a refused connection is SB_UNAVAILABLE', async () => {
    const { fault } = await call({}, async (context, server) => {
      await server.close();
      return deliver(context);
    });
    assert.equal(fault?.code, 'SB_UNAVAILABLE');
  });

  check('a vendor that never answers is SB_UNAVAILABLE', async () => {
    const { fault } = await call('silent', deliver, {
      http: { silenceMs: 50 } satisfies Partial<HttpClientOptions>,
    });
    assert.equal(fault?.code, 'SB_UNAVAILABLE');
  });

  check('a certificate that does not verify is SB_UNAVAILABLE and nothing is sent', async () => {
    const { fault, server } = await call({ body: {} }, deliver, {
      server: { tls: createTestCertificate(['127.0.0.1']) },
    });
    assert.equal(fault?.code, 'SB_UNAVAILABLE');
    assert.deepEqual(server.requests, []);
  });

  check('an answer that is not JSON is taken or is SB_UNAVAILABLE', async () => {
    const { fault } = await call({ status: 200, body: '<html>proxy</html>' }, deliver);
    assert.ok(fault === undefined || fault.code === 'SB_UNAVAILABLE', `it is ${fault?.code}`);
  });

  if (notifier.idempotency === 'key') {
    check('two deliveries under one idempotency key send the same key', async () => {
      const { server, fault } = await call(
        sample.response,
        async (context) => {
          await deliver(context);
          return deliver(context);
        },
        { idempotencyKey: 'delivery-0042', state: new Map() },
      );
      if (fault) throw fault;
      const carrying = server.requests.filter((request) => JSON.stringify(request).includes('delivery-0042'));
      assert.ok(carrying.length >= 2, 'both deliveries carry the key');
    });
  }

  check('aborting the signal ends a delivery within a second', async () => {
    await endsOnAbort((abort) =>
      call(
        'silent',
        async (context, server) => {
          void server.nextRequest().then(() => abort.abort());
          return deliver(context);
        },
        { signal: abort.signal },
      ),
    );
  });

  if (connector.probe) {
    check(
      'a probe against a failing vendor throws its fault, and aborting ends it within a second',
      async () => {
        const probe = (context: DeliverContext<Config>) => connector.probe!(context);
        const refused = await call({ status: 401, body: 'no' }, probe);
        assert.equal(refused.fault?.code, 'SB_AUTH');
        const down = await call({ status: 500, body: 'no' }, probe);
        assert.equal(down.fault?.code, 'SB_UNAVAILABLE');
        await endsOnAbort((abort) =>
          call(
            'silent',
            async (context, server) => {
              void server.nextRequest().then(() => abort.abort());
              return probe(context);
            },
            { signal: abort.signal },
          ),
        );
      },
    );
  }

  check('a delivery leaves no handle behind', async () => {
    await leavesNoHandle(async () => {
      const { fault } = await call(sample.response, deliver);
      if (fault) throw fault;
      await connector.close?.(configOf('http://127.0.0.1:9', sample.config));
    });
  });
}
