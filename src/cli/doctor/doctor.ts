import { formatFinding } from '../../settings/finding.ts';
import { defineCommand } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { hubOf, type HubFlags } from '../find-hub.ts';
import { DATA_FLAG, HUB_FLAGS, JSON_FLAG, LISTEN_FLAG } from '../flags.ts';
import { withLocalHost } from '../local-host.ts';
import { tryReadSettings, type ReadSettings } from '../read-settings.ts';
import { printJson, type Terminal } from '../terminal.ts';
import { dataChecks } from './check-data.ts';
import { checkCredentials, integrationChecks } from './check-integrations.ts';
import { checkSharedJournal } from './check-journal.ts';
import { checkBacklog, checkListener, checkReadiness } from './check-listener.ts';
import { failed, ok, runChecks, warning, type Check, type CheckResult } from './check-result.ts';

const NEEDED_MAJOR = 26;

type Results = Readonly<Record<string, CheckResult>>;

export default defineCommand({
  description: [
    'Checks everything that the hub depends on, each for itself: Node.js, the configuration, the data folder with space, lock, store and journal, the clock, the listener or the hub that answers, credentials, and every integration by its probe. Says what to do where something is wrong. Sends nothing to anybody.',
    'Exit code 1 when a check failed; warnings leave it at 0.',
  ],
  flags: { ...DATA_FLAG, ...LISTEN_FLAG, ...HUB_FLAGS, ...JSON_FLAG },
  examples: [
    { line: 'signalbox doctor', what: 'what is set up, reachable and ready' },
    { line: 'signalbox doctor --json', what: 'one map, check by check' },
  ],
  async run({ flags, terminal }) {
    const results = await examine(flags, terminal);
    const isGood = Object.values(results).every(({ status }) => status !== 'failed');
    if (flags.json) printJson(terminal, { ok: isGood, checks: results });
    else
      for (const [name, result] of Object.entries(results)) terminal.print(describe(name, result, terminal));
    return isGood ? 0 : 1;
  },
});

async function examine(flags: HubFlags, terminal: Terminal): Promise<Results> {
  const read: { value?: ReadSettings } = {};
  const first = await runChecks({
    node: checkNode,
    configuration: async () => {
      const { result, settings } = await checkConfiguration(flags);
      if (settings) read.value = settings;
      return result;
    },
  });
  // Without a configuration nobody knows what else to look at.
  return read.value ? { ...first, ...(await examineRest(read.value, flags, terminal)) } : first;
}

async function examineRest(read: ReadSettings, flags: HubFlags, terminal: Terminal): Promise<Results> {
  const { settings } = read;
  const hub = hubOf(settings, flags, terminal.env);
  const isRunning = await hub.answers();
  return withLocalHost(read, terminal, (host) => {
    const checks: Readonly<Record<string, Check>> = {
      ...dataChecks(settings.storage.path, terminal.now()),
      shared_journal: () => checkSharedJournal(settings.storage),
      listener: () => checkListener(settings, hub, isRunning),
      readiness: () => checkReadiness(hub, isRunning),
      backlog: () => checkBacklog(hub, isRunning),
      credentials: () => checkCredentials(settings, host),
      ...integrationChecks(host),
    };
    return runChecks(checks);
  });
}

function checkNode(): CheckResult {
  const { version } = process;
  return Number.parseInt(version.slice(1), 10) >= NEEDED_MAJOR
    ? ok(version)
    : failed(
        `${version} is too old`,
        `start with Node.js ${NEEDED_MAJOR}, or run "npm ci" in the repository`,
      );
}

async function checkConfiguration(
  flags: HubFlags,
): Promise<{ readonly result: CheckResult; readonly settings?: ReadSettings }> {
  try {
    const { loaded, ...rest } = await tryReadSettings(flags);
    const name = rest.files[0] ?? 'the built-in configuration';
    if (!loaded.ok) {
      const detail = loaded.errors.map(formatFinding).join('; ');
      return { result: failed(detail, 'correct it; "signalbox check FILE" shows it line by line') };
    }
    const settings = { ...rest, settings: loaded.settings, warnings: loaded.warnings };
    if (loaded.warnings.length === 0) return { result: ok(`${name} is fine`), settings };
    const detail = loaded.warnings.map(formatFinding).join('; ');
    return { result: warning(detail, 'look whether this is meant'), settings };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { result: failed(error.message, 'name the right file with --config') };
  }
}

const MARKS = { ok: ['green', '✔'], warning: ['yellow', '!'], failed: ['red', '✖'] } as const;

function describe(name: string, { status, detail, advice }: CheckResult, { paint }: Terminal): string {
  const [style, mark] = MARKS[status];
  const line = `${paint(style, mark)} ${paint('bold', name)}: ${detail}`;
  return advice === undefined ? line : `${line}\n    → ${advice}`;
}
