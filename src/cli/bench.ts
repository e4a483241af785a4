import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineCommand } from './command.ts';
import { CommandError } from './command-error.ts';

export default defineCommand({
  description: [
    'Runs the benchmarks of this repository and hands every argument through; `signalbox bench -- --help` shows what there is. It starts hubs and load of its own and leaves the data folder alone.',
  ],
  flags: {},
  takesAnything: true,
  examples: [{ line: 'signalbox bench', what: 'everything in one go' }],
  async run({ positionals }) {
    const script = fileURLToPath(new URL('../../bench/bench.ts', import.meta.url));
    if (!existsSync(script)) {
      throw new CommandError(
        'failed',
        'this installation has no benchmarks; they are in the repository, under bench/',
      );
    }
    const args = positionals[0] === '--' ? positionals.slice(1) : positionals;
    const child = spawn(process.execPath, [script, ...args], { stdio: 'inherit' });
    const [code] = (await once(child, 'exit')) as [number | null];
    return code ?? 1;
  },
});
