import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { TObject } from 'typebox';
import type { Connector } from '../connector.ts';
import { secretValues } from '../redact.ts';
import { validateConfig } from '../validate-config.ts';
import { checkAnalyst } from './analyst-checks.ts';
import { createChecks, type Skip } from './checks.ts';
import { checkDirectory } from './directory-checks.ts';
import { checkEnricher } from './enricher-checks.ts';
import {
  readAnalystCases,
  readDirectoryCases,
  readEnricherCases,
  readNotifierCases,
  readSourceCases,
  readWorkflowCases,
} from './fixtures.ts';
import { checkFolder } from './folder-checks.ts';
import { checkFilter } from './filter-checks.ts';
import { checkHttpNotifier, checkNotifier } from './notifier-checks.ts';
import { checkRun } from './run-checks.ts';
import { checkSource } from './source-checks.ts';
import { checkWorkflow } from './workflow-checks.ts';

export { configTable } from '../config-table.ts';
export { createTestCertificate, type TestCertificate } from './certificate.ts';
export {
  startFakeServer,
  type FakeAnswer,
  type FakeHandler,
  type FakeServer,
  type FakeStream,
  type ReceivedRequest,
} from './fake-server.ts';
export { sampleSnapshot } from './enricher-checks.ts';
export { longestNotification } from './longest-notification.ts';
export { sampleStart } from './workflow-checks.ts';
export { TEST_NOW, testContext, type TestContext, type TestContextOptions } from './test-context.ts';

export interface ConformanceOptions {
  /** The connector's folder: `import.meta.dirname`. */
  readonly dir: URL | string;
  /** The smallest configuration that works, for a vendor at this address. Give every secret field a value of its own. */
  readonly config: (baseUrl: string) => Readonly<Record<string, unknown>>;
  /** The folder in `fixtures/notifier` whose notification is sent in the checks of faults; default the first. */
  readonly deliverFixture?: string;
  /** Packages that the connector may load, lazily. */
  readonly vendor?: readonly string[];
  /** `other`: the notifier or directory does not speak HTTP, and the checks that need an HTTP vendor are left out, which is printed. */
  readonly transport?: 'http' | 'other';
  /** Checks that do not apply, each with a reason; printed. */
  readonly skip?: readonly Skip[];
}

/**
 * Registers the tests that every connector passes (design §4). Skips are data: a check is named as it is printed, without the
 * connector's id.
 *
 * @example
 * conformance(slack, { dir: import.meta.dirname, config: (url) => ({ url: `${url}/services/T0/B0/s3cret` }) });
 */
export function conformance<S extends TObject>(typed: Connector<S>, options: ConformanceOptions): void {
  // The kit calls every connector alike; what its own types say is checked by the schema.
  const connector = typed as unknown as Connector;
  const folder = options.dir instanceof URL ? fileURLToPath(options.dir) : options.dir;
  const { check, finish } = createChecks(connector.id, options.skip ?? []);
  const configOf = (baseUrl: string, own: object): Record<string, unknown> => {
    const result = validateConfig(connector.config, { ...options.config(baseUrl), ...own });
    assert.deepEqual(result.ok ? [] : result.problems, [], 'the configuration validates');
    return result.ok ? result.config : {};
  };
  const somewhere = 'https://vendor.example';

  checkFolder(check, {
    connector,
    folder: folder.replace(/\/$/, ''),
    vendor: options.vendor ?? [],
    config: options.config(somewhere),
  });
  if (connector.source) {
    checkSource(check, {
      source: connector.source,
      cases: readSourceCases(folder),
      configOf: (own) => configOf(somewhere, own),
      secrets: secretValues(connector.config, options.config(somewhere)),
    });
  }
  if (connector.notifier) {
    const cases = readNotifierCases(folder);
    const { deliverFixture } = options;
    const sample =
      deliverFixture === undefined ? cases[0] : cases.find(({ name }) => name === deliverFixture);
    const subject = { connector, cases, sample, configOf };
    if (deliverFixture !== undefined)
      check('the sample for the checks of faults exists', () => assert.ok(sample, deliverFixture));
    checkNotifier(check, subject);
    if (options.transport === 'other') {
      const skip = 'the notifier does not speak HTTP; its own tests check its transport';
      test(`${connector.id}: requests, statuses and aborts over HTTP`, { skip }, () => {});
    } else checkHttpNotifier(check, subject);
  }
  if (connector.enricher) {
    checkEnricher(check, { connector, cases: readEnricherCases(folder), configOf });
  }
  for (const capability of ['analyst', 'scorer'] as const) {
    if (!connector[capability]) continue;
    checkAnalyst(check, { connector, capability, cases: readAnalystCases(folder, capability), configOf });
  }
  if (connector.directory) {
    if (options.transport === 'other') {
      const skip = 'the directory does not speak HTTP; its own tests check its transport';
      test(`${connector.id}: pages, statuses and aborts over HTTP`, { skip }, () => {});
    } else checkDirectory(check, { connector, cases: readDirectoryCases(folder), configOf });
  }
  if (connector.workflow) checkWorkflow(check, { connector, cases: readWorkflowCases(folder), configOf });
  if (connector.run) checkRun(check, connector, configOf);
  if (connector.filter) checkFilter(check, connector.filter, () => configOf(somewhere, {}));
  finish();
}
