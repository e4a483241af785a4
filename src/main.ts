import { defineCommand, renderUsage, runCommand } from 'citty';
import { CommandError } from './cli/command-error.ts';
import { VERSION } from './lib/version.ts';

const main = defineCommand({
  meta: { name: 'signalbox', version: VERSION, description: 'Self-hosted operations integration hub' },
  default: 'serve',
  subCommands: {
    serve: () => import('./cli/serve.ts').then((module) => module.default),
  },
});

try {
  if (process.argv.includes('--help') || process.argv.includes('-h')) process.stdout.write(`${await renderUsage(main)}\n`);
  else if (process.argv[2] === '--version') process.stdout.write(`${VERSION}\n`);
  else await runCommand(main, { rawArgs: process.argv.slice(2) });
} catch (error) {
  if (error instanceof CommandError) {
    process.stderr.write(`${error.message}\n`);
    process.exit(error.exitCode);
  }
  throw error;
}
