import { isBranch, type Branch, type Command, type Flag, type Positional } from './command.ts';
import type { Terminal } from './terminal.ts';

const DEFAULT_WIDTH = 100;

/** `signalbox alerts show FINGERPRINT [flags]`. */
export function usageLine(
  path: string,
  command: Pick<Command, 'positionals' | 'flags' | 'takesAnything'>,
): string {
  const words = (command.positionals ?? []).map(positionalText);
  const flags = Object.keys(command.flags).length > 0 ? ['[flags]'] : [];
  return [path, ...words, ...flags, ...(command.takesAnything ? ['[arguments]'] : [])].join(' ');
}

export function positionalText({ name, isOptional, isRepeated }: Positional): string {
  const text = isRepeated ? `${name}…` : name;
  return isOptional ? `[${text}]` : text;
}

/** `-c, --config FILE`. */
export function flagText(name: string, flag: Flag): string {
  const value = flag.choices ? flag.choices.join('|') : (flag.hint ?? 'VALUE');
  const alias = flag.alias === undefined ? '' : `-${flag.alias}, `;
  return `${alias}--${name}${flag.type === 'boolean' ? '' : ` ${value}`}`;
}

/** The screen of one command. */
export function commandHelp(path: string, summary: string, command: Command, terminal: Terminal): string {
  const { paint } = terminal;
  const heading = (text: string): string => paint('bold', text);
  const words = (command.positionals ?? []).map((one) => [positionalText(one), one.description] as const);
  const flags = Object.entries(command.flags).map(
    ([name, flag]) => [flagText(name, flag), flag.description] as const,
  );
  return [
    summary,
    '',
    `  ${usageLine(path, command)}`,
    ...command.description.flatMap((text) => ['', ...wrap(plain(text), widthOf(terminal), '')]),
    ...(words.length > 0 ? ['', heading('Arguments'), ...columns(words, terminal)] : []),
    ...(flags.length > 0 ? ['', heading('Flags'), ...columns(flags, terminal)] : []),
    ...(command.examples.length > 0 ? ['', heading('Examples'), ...examples(command, terminal)] : []),
  ].join('\n');
}

/** The screen of a word that has commands under it. */
export function branchHelp(path: string, branch: Branch, terminal: Terminal): string {
  const rows = Object.entries(branch.commands).map(([name, entry]) => {
    const standard =
      name === branch.standard && isBranch(branch) && path !== 'signalbox' ? ' (the default)' : '';
    return [name, `${entry.summary}${standard}`] as const;
  });
  return [
    branch.summary,
    '',
    `  ${path} COMMAND [flags]`,
    '',
    terminal.paint('bold', 'Commands'),
    ...columns(rows, terminal),
    '',
    `More about one: ${path} COMMAND --help`,
    ...(path === 'signalbox' ? ['The version: signalbox --version'] : []),
  ].join('\n');
}

function examples(command: Command, { paint }: Terminal): readonly string[] {
  return command.examples.flatMap(({ line, what }) => [`  ${paint('dim', `# ${what}`)}`, `  ${line}`]);
}

function columns(rows: readonly (readonly [string, string])[], terminal: Terminal): readonly string[] {
  const left = Math.max(...rows.map(([name]) => name.length)) + 4;
  return rows.flatMap(([name, text]) => {
    const [first = '', ...more] = wrap(plain(text), Math.max(30, widthOf(terminal) - left), '');
    const gap = ' '.repeat(left - 2 - name.length);
    return [
      `  ${terminal.paint('cyan', name)}${gap}${first}`,
      ...more.map((line) => ' '.repeat(left) + line),
    ];
  });
}

function widthOf({ columns: found }: Terminal): number {
  return Math.min(found ?? DEFAULT_WIDTH, DEFAULT_WIDTH);
}

/** Descriptions are written in Markdown for the reference; a terminal needs no marks. */
function plain(text: string): string {
  return text.replaceAll('`', '');
}

function wrap(text: string, width: number, indent: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(indent + word);
  }
  return lines;
}
