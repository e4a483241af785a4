import assert from 'node:assert/strict';
import type { AnalysisSubject } from '../analyst.ts';
import type { Connector } from '../connector.ts';
import type { DeliverContext } from '../context.ts';
import type { Check } from './checks.ts';
import { createTestCertificate } from './certificate.ts';
import { sampleSnapshot } from './enricher-checks.ts';
import type { AnalystCase } from './fixtures.ts';
import { STATUS_FAULTS } from './notifier-checks.ts';
import { createVendorCall, endsOnAbort, leavesNoHandle, pick } from './vendor-call.ts';

type Config = Record<string, unknown>;

export interface AnalystSubject {
  readonly connector: Connector;
  readonly capability: 'analyst' | 'scorer';
  readonly cases: readonly AnalystCase[];
  /** The validated configuration for a vendor at this address, with a case's own settings over it. */
  readonly configOf: (baseUrl: string, own: object) => Config;
}

/** Answers are as in the samples and have their shape; and over HTTP the table of faults, secrecy, aborts and handles. */
export function checkAnalyst(check: Check, { connector, capability, cases, configOf }: AnalystSubject): void {
  const [sample] = cases.filter(({ requests }) => requests.length > 0);
  const call = createVendorCall(connector, (baseUrl, own) => configOf(baseUrl, own ?? sample?.config ?? {}));
  const ask = (context: DeliverContext<Config>, { alert, facts }: AnalystCase): Promise<object> => {
    const subject: AnalysisSubject = { alert: sampleSnapshot(alert), facts };
    return capability === 'analyst'
      ? connector.analyst!.analyse(subject, context)
      : connector.scorer!.score(subject, context);
  };

  check(`there is a sample in fixtures/${capability}`, () => assert.ok(cases.length > 0));

  for (const each of cases) {
    check(`the ${capability} sample ${each.name} yields exactly what is expected`, async () => {
      const { fault, returned, server } = await call(each.response, (context) => ask(context, each), {
        own: each.config,
      });
      if (fault) {
        assert.deepEqual({ fault: { code: fault.code } }, each.expected, fault.message);
        return;
      }
      assert.deepEqual(JSON.parse(JSON.stringify(returned)), each.expected);
      assertShape(capability, returned as Record<string, unknown>);
      const sent = server.requests.map((request) => pick(request, each.requests[0]));
      if (each.requests.length > 0) assert.deepEqual(sent, each.requests);
    });
  }
  if (!sample) return;

  for (const [status, code] of STATUS_FAULTS) {
    check(`status ${status} of what the ${capability} asks is ${code}`, async () => {
      const answer = { status, headers: { 'retry-after': '7' }, body: 'no' };
      const { fault } = await call(answer, (context) => ask(context, sample));
      assert.equal(fault?.code, code);
    });
  }

  check(
    `a ${capability} that can not be reached, is silent or has a wrong certificate is SB_UNAVAILABLE`,
    async () => {
      const refused = await call({}, async (context, server) => {
        await server.close();
        return ask(context, sample);
      });
      const silent = await call('silent', (context) => ask(context, sample), { http: { silenceMs: 50 } });
      const unknown = await call({ body: {} }, (context) => ask(context, sample), {
        server: { tls: createTestCertificate(['127.0.0.1']) },
      });
      for (const { fault } of [refused, silent, unknown]) assert.equal(fault?.code, 'SB_UNAVAILABLE');
    },
  );

  check(`garbage for the ${capability} is a fault, and never a bug`, async () => {
    for (const body of ['<html>proxy</html>', 'null', '7', '[]', '{}', '{"choices":[null]}']) {
      const answer = { status: 200, headers: { 'content-type': 'application/json' }, body };
      // Anything but a fault is thrown on by the call.
      const { fault, returned } = await call(answer, (context) => ask(context, sample));
      if (fault === undefined) assertShape(capability, returned as Record<string, unknown>);
    }
  });

  check(`aborting the signal ends a question to the ${capability} within a second`, async () => {
    await endsOnAbort((abort) =>
      call(
        'silent',
        async (context, server) => {
          void server.nextRequest().then(() => abort.abort());
          return ask(context, sample);
        },
        { signal: abort.signal },
      ),
    );
  });

  check(`a question to the ${capability} leaves no handle behind`, async () => {
    await leavesNoHandle(async () => {
      const { fault } = await call(sample.response, (context) => ask(context, sample));
      if (fault) throw fault;
    });
  });
}

function assertShape(capability: AnalystSubject['capability'], answer: Record<string, unknown>): void {
  if (capability === 'scorer') {
    assert.ok(typeof answer.value === 'number' && answer.value >= 0 && answer.value <= 1, 'value, 0 to 1');
    assert.equal(typeof answer.why, 'string');
    return;
  }
  assert.ok(typeof answer.summary === 'string' && answer.summary !== '', 'a summary');
  for (const text of [answer.probableCause, answer.runbook])
    assert.ok(text === undefined || typeof text === 'string');
}
