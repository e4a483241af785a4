import assert from 'node:assert/strict';
import type { Connector } from '../connector.ts';
import { isFault } from '../fault.ts';
import type { Check } from './checks.ts';
import { createVendorCall, leavesNoHandle, withinASecond } from './vendor-call.ts';

/** A long-lived task ends with its signal, and whatever ends it before is a fault. */
export function checkRun(
  check: Check,
  connector: Connector,
  configOf: (baseUrl: string, own: object) => Record<string, unknown>,
): void {
  const call = createVendorCall(connector, (baseUrl) => configOf(baseUrl, {}));

  check('the task ends within a second of its signal, and leaves no handle behind', async () => {
    await leavesNoHandle(async () => {
      await withinASecond((abort) =>
        call(
          'silent',
          (context) => {
            setImmediate(() => abort.abort());
            return connector.run!(context, async () => {});
          },
          { signal: abort.signal },
        ),
      );
    });
  });

  check('a task whose vendor fails ends with a fault, or goes on until its signal', async () => {
    await withinASecond((abort) =>
      call(
        { status: 500, body: 'no' },
        async (context) => {
          setTimeout(() => abort.abort(), 100);
          await connector.run!(context, async () => {}).catch((error: unknown) =>
            assert.ok(isFault(error), String(error)),
          );
        },
        { signal: abort.signal },
      ),
    );
  });
}
