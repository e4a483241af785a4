import { isBranch, type Branch, type Command, type Entry } from './command.ts';
import { flagText, positionalText, usageLine } from './help.ts';

const HEAD = `<!-- Written by scripts/gen-cli-reference.ts from src/cli; do not edit. -->

# Command line

\`signalbox COMMAND [flags]\`; in a clone of the repository it is \`node bin/signalbox.js COMMAND [flags]\`. Without a command the hub runs.
\`--help\` works everywhere, \`signalbox --version\` prints the version. A guide is in [cli.md](../cli.md).

| exit code | meaning |
|---|---|
| 0 | it worked |
| 1 | it failed |
| 2 | it was called or configured wrongly |

What was asked for goes to standard output, remarks and errors to standard error. Tables are cut to the width of a terminal, and whole in a
file or a pipe. Colours appear on terminals only, and never with \`NO_COLOR\`.
`;

/** The page about all commands, made of their definitions alone. */
export async function renderReference(root: Branch): Promise<string> {
  const leaves = await listCommands(root, ['signalbox']);
  const rows = leaves.map(({ path, summary }) => `| [\`${path}\`](#${anchorOf(path)}) | ${cell(summary)} |`);
  const index = ['| command | what it does |', '|---|---|', ...rows].join('\n');
  return `${[HEAD, index, ...leaves.map(section)].join('\n\n').trimEnd()}\n`.replace(/\n{3,}/g, '\n\n');
}

interface Described {
  readonly path: string;
  readonly summary: string;
  readonly command: Command;
}

async function listCommands(entry: Entry, path: readonly string[]): Promise<readonly Described[]> {
  if (!isBranch(entry)) {
    const command = (await entry.load()).default;
    return [{ path: path.join(' '), summary: entry.summary, command }];
  }
  const below = await Promise.all(
    Object.entries(entry.commands).map(([name, child]) => listCommands(child, [...path, name])),
  );
  return below.flat();
}

function section({ path, summary, command }: Described): string {
  const words = (command.positionals ?? []).map(
    (one) => `| \`${positionalText(one)}\` | ${cell(one.description)} |`,
  );
  const flags = Object.entries(command.flags).map(
    ([name, flag]) => `| \`${cell(flagText(name, flag))}\` | ${cell(flag.description)} |`,
  );
  const table = [...words, ...flags];
  const examples = command.examples.map(({ line, what }) => `${line} # ${what}`);
  return [
    `## ${path}`,
    `${summary}.`,
    `\`\`\`text\n${usageLine(path, command)}\n\`\`\``,
    ...command.description,
    ...(table.length > 0 ? [['| argument or flag | meaning |', '|---|---|', ...table].join('\n')] : []),
    ...(examples.length > 0 ? [`\`\`\`sh\n${examples.join('\n')}\n\`\`\``] : []),
  ].join('\n\n');
}

function anchorOf(path: string): string {
  return path.replaceAll(' ', '-');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
