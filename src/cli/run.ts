import { VERSION } from '../lib/version.ts';
import { isBranch, type Branch } from './command.ts';
import { CommandError } from './command-error.ts';
import { findCommand, isHelp } from './find-command.ts';
import { branchHelp, commandHelp } from './help.ts';
import { parseCall } from './parse-call.ts';
import type { Terminal } from './terminal.ts';

/** Runs what the arguments ask for; resolves with the exit code: 0 ok, 1 failed, 2 usage or configuration. Never rejects. */
export async function run(root: Branch, args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    if (args[0] === '--version') {
      terminal.print(VERSION);
      return 0;
    }
    const { entry, path, rest } = findCommand(root, args);
    const name = ['signalbox', ...path].join(' ');
    if (isBranch(entry)) {
      if (rest.length === 0) throw new CommandError('usage', branchHelp(name, entry, terminal));
      terminal.print(branchHelp(name, entry, terminal));
      return 0;
    }
    const command = (await entry.load()).default;
    if (isAskedForHelp(rest)) {
      terminal.print(commandHelp(name, entry.summary, command, terminal));
      return 0;
    }
    const call = command.takesAnything ? { flags: {}, positionals: rest } : parseCall(command, name, rest);
    return (await command.run({ ...call, terminal, root })) ?? 0;
  } catch (error) {
    terminal.remark(explain(error));
    return error instanceof CommandError ? error.exitCode : 1;
  }
}

function isAskedForHelp(rest: readonly string[]): boolean {
  const end = rest.indexOf('--');
  return (end < 0 ? rest : rest.slice(0, end)).some(isHelp);
}

/** One readable message. A stack only for what is nobody's fault but ours, with what to do with it. */
export function explain(error: unknown): string {
  if (error instanceof CommandError) return error.message;
  // What the hub and Node.js throw on purpose has a code: `data_locked`, `schema_too_new`, `EACCES`.
  if (error instanceof Error && 'code' in error && typeof error.code === 'string' && !isBug(error.code)) {
    return error.message;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `${stack}\n\nThis is a bug in Signalbox ${VERSION}. Please report it with the lines above.`;
}

/** Codes of wrong calls (`ERR_INVALID_ARG_TYPE`) as opposed to those of the world outside. */
function isBug(code: string): boolean {
  return /^ERR_(?:INVALID|MISSING|MODULE|UNKNOWN|REQUIRE|UNSUPPORTED|METHOD|OUT_OF|ASSERTION)/.test(code);
}
