import assert from 'node:assert/strict';
import type { Connector } from '../connector.ts';
import type { DeliverContext } from '../context.ts';
import { DIRECTORY_KINDS, type DirectoryPage } from '../directory.ts';
import type { Check } from './checks.ts';
import { createTestCertificate } from './certificate.ts';
import type { DirectoryCase } from './fixtures.ts';
import { STATUS_FAULTS } from './notifier-checks.ts';
import { createVendorCall, endsOnAbort, leavesNoHandle, pick } from './vendor-call.ts';

type Config = Record<string, unknown>;

export interface DirectorySubject {
  readonly connector: Connector;
  readonly cases: readonly DirectoryCase[];
  /** The validated configuration for a vendor at this address, with a case's own settings over it. */
  readonly configOf: (baseUrl: string, own: object) => Config;
}

const MAX_ID_CHARACTERS = 256;

/** Pages are as in the samples and have their shape; the table of faults, secrecy, aborts and handles. For directories over HTTP. */
export function checkDirectory(check: Check, { connector, cases, configOf }: DirectorySubject): void {
  const [sample] = cases;
  const call = createVendorCall(connector, (baseUrl, own) => configOf(baseUrl, own ?? sample?.config ?? {}));
  const list = (context: DeliverContext<Config>, each = sample) =>
    connector.directory!.list(each?.cursor, context);

  check('there is a sample in fixtures/directory', () => assert.ok(cases.length > 0));

  for (const each of cases) {
    check(`the directory sample ${each.name} yields exactly what is expected`, async () => {
      const { fault, returned, server } = await call(each.response, (context) => list(context, each), {
        own: each.config,
      });
      if (fault) {
        assert.deepEqual({ fault: { code: fault.code } }, each.expected, fault.message);
        return;
      }
      assert.deepEqual(JSON.parse(JSON.stringify(returned)), each.expected);
      assertPage(returned!);
      const sent = server.requests.map((request) => pick(request, each.requests[0]));
      if (each.requests.length > 0) assert.deepEqual(sent, each.requests);
    });
  }

  for (const [status, code] of STATUS_FAULTS) {
    check(`status ${status} of a directory is ${code}`, async () => {
      const answer = { status, headers: { 'retry-after': '7' }, body: 'no' };
      const { fault } = await call(answer, (context) => list(context));
      assert.equal(fault?.code, code);
    });
  }

  check(
    'a directory that can not be reached, is silent or has a wrong certificate is SB_UNAVAILABLE',
    async () => {
      const refused = await call({}, async (context, server) => {
        await server.close();
        return list(context);
      });
      const silent = await call('silent', (context) => list(context), { http: { silenceMs: 50 } });
      const unknown = await call({ body: {} }, (context) => list(context), {
        server: { tls: createTestCertificate(['127.0.0.1']) },
      });
      for (const { fault } of [refused, silent, unknown]) assert.equal(fault?.code, 'SB_UNAVAILABLE');
    },
  );

  check('garbage from a directory is a fault or a page, and never a bug', async () => {
    for (const body of ['<html>proxy</html>', 'null', '7', '[]', '{}', '{"Resources":[null]}']) {
      const answer = { status: 200, headers: { 'content-type': 'application/json' }, body };
      // Anything but a fault is thrown on by the call.
      const { fault, returned } = await call(answer, (context) => list(context));
      if (fault === undefined) assertPage(returned!);
    }
  });

  check('aborting the signal ends a page within a second', async () => {
    await endsOnAbort((abort) =>
      call(
        'silent',
        async (context, server) => {
          void server.nextRequest().then(() => abort.abort());
          return list(context);
        },
        { signal: abort.signal },
      ),
    );
  });

  check('a page leaves no handle behind', async () => {
    await leavesNoHandle(async () => {
      const { fault } = await call(sample?.response ?? {}, (context) => list(context));
      if (fault) throw fault;
    });
  });
}

function assertPage({ entries, next }: DirectoryPage): void {
  assert.ok(next === undefined || typeof next === 'string');
  for (const { id, kind, name, isActive, aliases = [], formerNames = [], parents = [] } of entries) {
    assert.ok(id !== '' && id.length <= MAX_ID_CHARACTERS, 'an id');
    assert.ok(DIRECTORY_KINDS.includes(kind), kind);
    assert.ok(typeof name === 'string' && name !== '', 'a name');
    assert.equal(typeof isActive, 'boolean');
    for (const text of [...aliases, ...formerNames, ...parents]) assert.equal(typeof text, 'string');
  }
}
