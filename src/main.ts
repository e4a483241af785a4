// The command line. What a command prints goes to standard output, remarks and errors to standard error.
import { COMMANDS } from './cli/commands.ts';
import { run } from './cli/run.ts';
import { createTerminal } from './cli/terminal.ts';

// Whoever reads has seen enough, e.g. `| head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await run(COMMANDS, process.argv.slice(2), createTerminal(process));
