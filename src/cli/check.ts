import { loadConnectors, type LoadedConnectors } from '../host/load-connectors.ts';
import { formatFinding, sortFindings, type Finding } from '../settings/finding.ts';
import { loadSettings, readExternalConnectors, type LoadResult } from '../settings/load.ts';
import type { Settings } from '../model/settings.ts';
import { defineCommand } from './command.ts';
import { compareWithDirectory, toFindings } from './compare-directory.ts';
import { CONFIG_FLAGS, JSON_FLAG } from './flags.ts';
import { printJson, type Terminal } from './terminal.ts';

export default defineCommand({
  description: [
    'Reads each file as a configuration of its own, together with `config.d` beside it, and shows every problem with file, line and column. Nothing is started, and without `--directory` nobody is contacted.',
    '`--directory` reads the directory that the configuration names, and warns of every owner, team, tenant, business unit, cost center and person that is not known there, was renamed or is no longer active.',
    'Exit code 2 when there are errors, and with `--strict` also when there is something suspicious.',
  ],
  positionals: [{ name: 'FILE', description: 'Configuration file', isRepeated: true }],
  flags: {
    strict: { type: 'boolean', description: 'Fail on warnings, too' },
    directory: {
      type: 'boolean',
      description: 'Look names up in the directory of the organization (`directory.integration`)',
    },
    profile: CONFIG_FLAGS.profile,
    ...JSON_FLAG,
  },
  examples: [
    { line: 'signalbox check signalbox.yaml --strict', what: 'before a reload, or in CI' },
    { line: 'signalbox check site.yaml --profile production --json', what: 'with an overlay, for a program' },
  ],
  async run({ flags, positionals, terminal }) {
    const results = [];
    for (const file of positionals) {
      const { loaded, connectors } = await load(file, flags.profile);
      const names =
        flags.directory && loaded.ok
          ? toFindings(await compareWithDirectory({ settings: loaded.settings, connectors }, terminal))
          : [];
      const more = loaded.warnings.concat(names);
      results.push({
        file,
        loaded: names.length === 0 ? loaded : { ...loaded, warnings: sortFindings(more) },
      });
    }
    if (flags.json) {
      printJson(terminal, { files: results.map(({ file, loaded }) => present(file, loaded)) });
    } else {
      for (const { file, loaded } of results) terminal.print(describe(file, loaded, terminal));
    }
    const fails = results.some(({ loaded }) => !loaded.ok || (flags.strict && loaded.warnings.length > 0));
    return fails ? 2 : 0;
  },
});

async function load(
  file: string,
  profile: string | undefined,
): Promise<{ readonly loaded: LoadResult; readonly connectors: LoadedConnectors }> {
  const source = { files: [file], env: process.env, profile };
  const connectors = await loadConnectors({ external: await readExternalConnectors(source) });
  const loaded = await loadSettings({
    ...source,
    connectors: [...connectors.connectors.values()],
    brokenConnectors: connectors.broken.map(({ id }) => id),
  });
  return { loaded, connectors };
}

function present(file: string, loaded: LoadResult): object {
  const errors = loaded.ok ? [] : loaded.errors;
  return {
    file,
    ok: loaded.ok,
    ...(loaded.ok ? { revision: loaded.settings.revision } : {}),
    findings: [
      ...errors.map((finding) => ({ severity: 'error', ...finding })),
      ...loaded.warnings.map((finding) => ({ severity: 'warning', ...finding })),
    ],
  };
}

function describe(file: string, loaded: LoadResult, { paint }: Terminal): string {
  const errors = loaded.ok ? [] : loaded.errors;
  const line = (kind: 'error' | 'warning', finding: Finding): string => {
    const text = formatFinding(finding);
    // The place comes first, so that editors and terminals can jump to it.
    const place = finding.line === 0 ? finding.file : `${finding.file}:${finding.line}:${finding.column}`;
    return `${place}: ${paint(kind === 'error' ? 'red' : 'yellow', kind)}${text.slice(place.length)}`;
  };
  const findings = [
    ...errors.map((finding) => line('error', finding)),
    ...loaded.warnings.map((finding) => line('warning', finding)),
  ];
  const counts = [count(errors.length, 'error'), count(loaded.warnings.length, 'warning')];
  const summary = loaded.ok ? `${file}: fine. ${contents(loaded.settings)}` : `${file}: not usable`;
  return [...findings, findings.length === 0 ? summary : `${summary} (${counts.join(', ')})`].join('\n');
}

function contents({ integrations, receivers, route }: Settings): string {
  return `${[
    count(Object.keys(integrations).length, 'integration'),
    count(Object.keys(receivers).length, 'receiver'),
    count(countRoutes(route), 'route'),
  ].join(', ')}.`;
}

function countRoutes(route: Settings['route']): number {
  return 1 + route.routes.reduce((sum, child) => sum + countRoutes(child), 0);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
