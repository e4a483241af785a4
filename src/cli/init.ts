import { writeFileSync } from 'node:fs';
import { initTemplate } from '../settings/default-config.ts';
import { defineCommand } from './command.ts';
import { CommandError } from './command-error.ts';
import { DEFAULT_FILE } from './read-settings.ts';

export default defineCommand({
  description: [
    'Writes a commented `signalbox.yaml` that does what the hub does without a file. It never overwrites one.',
  ],
  flags: {
    out: { type: 'string', description: `Where to write; default \`${DEFAULT_FILE}\``, hint: 'FILE' },
  },
  examples: [{ line: 'signalbox init', what: 'write signalbox.yaml here' }],
  async run({ flags, terminal }) {
    const file = flags.out ?? DEFAULT_FILE;
    try {
      writeFileSync(file, initTemplate(), { flag: 'wx' });
    } catch (error) {
      throw explain(file, error);
    }
    terminal.print(`Written: ${file}`);
    if (terminal.columns === undefined) return;
    terminal.print(
      [
        '',
        'It works as it is. What to do next:',
        '',
        '  1. Say who is told: integrations, receivers and routes in the file.',
        `  2. Check it:   signalbox check ${file}`,
        `  3. Try it:     signalbox notify test console${configFlag(file)}`,
        `  4. Run it:     signalbox serve${configFlag(file)}`,
        '',
        'The connectors and their settings: signalbox connectors',
      ].join('\n'),
    );
  },
});

function configFlag(file: string): string {
  return file === DEFAULT_FILE ? '' : ` --config ${file}`;
}

function explain(file: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EEXIST') {
    return new CommandError(
      'usage',
      `${file} is there already and was left alone; name another one with --out`,
    );
  }
  if (code === 'ENOENT') return new CommandError('usage', `the folder of ${file} does not exist`);
  return error;
}
