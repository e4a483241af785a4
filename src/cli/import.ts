import { writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { convertConfig, type Conversion } from '../alertmanager/convert.ts';
import { formatNative } from '../alertmanager/format-native.ts';
import { plainValue } from '../alertmanager/native-document.ts';
import { loadAlertmanagerConfig } from '../alertmanager/load-config.ts';
import { formatFinding, type Finding } from '../settings/finding.ts';
import { defineCommand } from './command.ts';
import { CommandError } from './command-error.ts';
import { JSON_FLAG } from './flags.ts';
import { printJson } from './terminal.ts';

export default defineCommand({
  description: [
    'Reads an `alertmanager.yml` of Alertmanager 0.34 with its templates, and writes a native configuration that routes the same. What it can’t carry over is said on standard error, with file, line and column; a receiver without a counterpart is an error.',
    'Secrets are never printed: on standard output they are `${secret:NAME}`, with `--out` they stand in the file, which nobody else can read. Exit code 2 when the file is wrong or holds what has no counterpart.',
  ],
  positionals: [{ name: 'FILE', description: 'The `alertmanager.yml`' }],
  flags: {
    out: { type: 'string', alias: 'o', description: 'Write to this new file instead', hint: 'FILE' },
    'skip-unsupported': {
      type: 'boolean',
      description: 'Leave out what has no counterpart, with a warning, instead of failing',
    },
    ...JSON_FLAG,
  },
  examples: [
    {
      line: 'signalbox import alertmanager alertmanager.yml -o signalbox.yaml',
      what: 'from a running Alertmanager’s file',
    },
    { line: 'signalbox import alertmanager alertmanager.yml --json', what: 'for a program' },
  ],
  async run({ flags, positionals, terminal }) {
    const [file = ''] = positionals;
    const read = await loadAlertmanagerConfig(file);
    if (!read.ok) throw new CommandError('usage', lines([...read.errors, ...read.warnings]));
    const conversion = convertConfig(read.config, read.tree, {
      folder: resolve(dirname(file)),
      skipUnsupported: flags['skip-unsupported'],
    });
    const warnings = [...read.warnings, ...conversion.warnings];
    for (const warning of warnings) terminal.remark(`warning: ${formatFinding(warning)}`);
    if (conversion.errors.length > 0) throw new CommandError('usage', lines(conversion.errors));
    if (flags.out !== undefined) {
      write(flags.out, formatNative(conversion, { source: file, secrets: 'inline' }));
      terminal.remark(`Written: ${flags.out}`);
    }
    if (flags.json) printJson(terminal, present(file, conversion, warnings));
    else if (flags.out === undefined) {
      terminal.print(formatNative(conversion, { source: file, secrets: 'reference' }).trimEnd());
    }
  },
});

function lines(findings: readonly Finding[]): string {
  return findings.map(formatFinding).join('\n');
}

function present(file: string, { document }: Conversion, warnings: readonly Finding[]): object {
  return { file, document: plainValue({ ...document }, 'reference'), warnings };
}

/** Never overwrites; only the owner may read it, because it may hold secrets. */
function write(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EEXIST') {
      throw new CommandError(
        'usage',
        `${file} is there already and was left alone; name another one with --out`,
      );
    }
    if (code === 'ENOENT') throw new CommandError('usage', `the folder of ${file} does not exist`);
    throw error;
  }
}
