import { defineCommand, isBranch, type Branch, type Leaf } from './command.ts';
import { CommandError } from './command-error.ts';
import { COMPLETION_SCRIPTS, isShell, type Completable } from './completion-scripts.ts';

export default defineCommand({
  description: [
    'Prints a script that completes commands, flags and fixed values. It knows this version’s commands; print it again after an upgrade.',
  ],
  positionals: [{ name: 'SHELL', description: '`bash`, `zsh` or `fish`' }],
  flags: {},
  examples: [
    { line: 'source <(signalbox completion bash)', what: 'in ~/.bashrc' },
    { line: 'signalbox completion zsh > "${fpath[1]}/_signalbox"', what: 'once' },
    { line: 'signalbox completion fish > ~/.config/fish/completions/signalbox.fish', what: 'once' },
  ],
  async run({ positionals, terminal, root }) {
    const shell = positionals[0]!;
    if (!isShell(shell))
      throw new CommandError('usage', `there are completions for bash, zsh and fish, not for ${shell}`);
    terminal.print(COMPLETION_SCRIPTS[shell](await listCompletable(root)));
  },
});

/** Every place in the tree of commands, with what may follow there. */
export async function listCompletable(
  branch: Branch,
  path: readonly string[] = [],
): Promise<readonly Completable[]> {
  const standard = branch.standard === undefined ? undefined : branch.commands[branch.standard];
  const flags = standard && !isBranch(standard) ? await flagsOf(standard.load) : {};
  const commands = Object.entries(branch.commands).map(([name, { summary }]) => ({ name, summary }));
  const below = await Promise.all(
    Object.entries(branch.commands).map(async ([name, entry]): Promise<readonly Completable[]> => {
      const own = [...path, name];
      return isBranch(entry)
        ? listCompletable(entry, own)
        : [{ path: own, commands: [], flags: await flagsOf(entry.load) }];
    }),
  );
  return [{ path, commands, flags }, ...below.flat()];
}

async function flagsOf(load: Leaf['load']): Promise<Completable['flags']> {
  return (await load()).default.flags;
}
