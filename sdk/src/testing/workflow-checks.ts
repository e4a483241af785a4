import assert from 'node:assert/strict';
import type { Connector } from '../connector.ts';
import type { DeliverContext } from '../context.ts';
import type { WorkflowStart } from '../workflow.ts';
import type { Check } from './checks.ts';
import { createTestCertificate } from './certificate.ts';
import type { WorkflowCase } from './fixtures.ts';
import { STATUS_FAULTS } from './notifier-checks.ts';
import { sampleNotification } from './sample-notification.ts';
import { createVendorCall, endsOnAbort, leavesNoHandle, pick } from './vendor-call.ts';

type Config = Record<string, unknown>;
type Context = DeliverContext<Config>;

interface Question {
  readonly what: string;
  readonly ask: (context: Context) => Promise<unknown>;
  readonly answer: WorkflowCase['response'];
}

export interface WorkflowSubject {
  readonly connector: Connector;
  readonly cases: readonly WorkflowCase[];
  /** The validated configuration for an engine at this address, with a case's own settings over it. */
  readonly configOf: (baseUrl: string, own: object) => Config;
}

/** The start of a workflow's fixtures, with what differs. */
export function sampleStart(changes: Partial<WorkflowStart> = {}): WorkflowStart {
  return {
    ...sampleNotification({ groupId: 'w_0193f0c2a4b1c93e', receiver: 'workflows/restart' }),
    run: {
      id: 'w_0193f0c2a4b1c93e',
      rule: 'restart',
      trigger: 'firing',
      inputs: { namespace: 'shop' },
    },
    ...changes,
  };
}

const GARBAGE = ['<html>proxy</html>', 'null', '7', '[]', '{}', '{"id":{}}', '{"status":[null]}'];

/** Starts and questions are as in the samples; and over HTTP the table of faults, secrecy, aborts and handles, of both. */
export function checkWorkflow(check: Check, { connector, cases, configOf }: WorkflowSubject): void {
  const workflow = connector.workflow!;
  const [sample] = cases;
  const [asked] = cases.filter(({ status }) => status !== undefined);
  const call = createVendorCall(connector, (baseUrl, own) =>
    configOf(baseUrl, own ?? asked?.config ?? sample?.config ?? {}),
  );
  const start = (context: Context, each: WorkflowCase) => workflow.start(sampleStart(each.start), context);

  /** What engines are asked, and what a well one answers. */
  function questionsOf(each: WorkflowCase): readonly Question[] {
    const { status } = each;
    const starting = {
      what: 'starting a run',
      answer: each.response,
      ask: (context: Context) => start(context, each),
    };
    if (!status || !workflow.status) return [starting];
    const ask = (context: Context) => workflow.status!(status.reference, context);
    return [starting, { what: 'asking after a run', answer: status.response, ask }];
  }

  check('there is a sample in fixtures/workflow', () => assert.ok(sample));

  for (const each of cases) {
    check(`the workflow sample ${each.name} is started as expected`, async () => {
      const own = each.config;
      const { fault, returned, server } = await call(each.response, (context) => start(context, each), {
        own,
      });
      if (fault) {
        assert.deepEqual({ fault: { code: fault.code } }, each.expected, fault.message);
        return;
      }
      assert.ok(returned!.summary.trim() !== '' && !returned!.summary.includes('\n'), 'a summary in a line');
      assert.deepEqual({ reference: returned!.reference ?? null }, each.expected);
      const sent = server.requests.map((request) => pick(request, each.requests[0]));
      assert.deepEqual(sent, each.requests);
    });
    const { status } = each;
    if (!status) continue;
    check(`the workflow sample ${each.name} is asked after as expected`, async () => {
      const own = each.config;
      const { fault, returned, server } = await call(
        status.response,
        (context) => workflow.status!(status.reference, context),
        { own },
      );
      const outcome = fault ? { fault: { code: fault.code } } : returned;
      assert.deepEqual(outcome, status.expected, fault?.message ?? 'what it says');
      assert.deepEqual(
        server.requests.map((request) => pick(request, status.requests[0])),
        status.requests,
      );
    });
  }
  if (!sample) return;

  check('every attempt to start a run carries the same key, where the engine looks at one', async () => {
    const keys = await Promise.all(
      ['first', 'second'].map(async () => {
        const each = asked ?? sample;
        const key = { idempotencyKey: 'd_same' };
        const { server } = await call(each.response, (context) => start(context, each), key);
        return server.requests.some(({ headers, text }) =>
          JSON.stringify([headers, text]).includes('d_same'),
        );
      }),
    );
    assert.deepEqual(new Set(keys), new Set([workflow.idempotency === 'key']));
  });

  for (const { what, ask, answer } of questionsOf(asked ?? sample)) {
    for (const [status, code] of STATUS_FAULTS) {
      check(`${what}: status ${status} is ${code}`, async () => {
        const refusal = { status, headers: { 'retry-after': '7' }, body: 'no' };
        const { fault } = await call(refusal, (context) => ask(context));
        assert.equal(fault?.code, code);
      });
    }

    check(
      `${what}: an engine that can not be reached, is silent or has a wrong certificate is SB_UNAVAILABLE`,
      async () => {
        const refused = await call({}, async (context, server) => {
          await server.close();
          return ask(context);
        });
        const silent = await call('silent', (context) => ask(context), { http: { silenceMs: 50 } });
        const unknown = await call({ body: {} }, (context) => ask(context), {
          server: { tls: createTestCertificate(['127.0.0.1']) },
        });
        for (const { fault } of [refused, silent, unknown]) assert.equal(fault?.code, 'SB_UNAVAILABLE');
      },
    );

    check(`${what}: garbage is a fault or an answer, and never a bug`, async () => {
      for (const body of GARBAGE) {
        const garbage = { status: 200, headers: { 'content-type': 'application/json' }, body };
        // Anything but a fault is thrown on by the call.
        await call(garbage, (context) => ask(context));
      }
    });

    check(`${what}: aborting the signal ends it within a second`, async () => {
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

    check(`${what}: no handle is left behind`, async () => {
      await leavesNoHandle(async () => {
        const { fault } = await call(answer, (context) => ask(context));
        if (fault) throw fault;
      });
    });
  }
}
