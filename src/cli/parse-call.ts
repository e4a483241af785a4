import { parseArgs } from 'node:util';
import { didYouMean } from '../settings/suggest.ts';
import type { Command, FlagValues, Flags } from './command.ts';
import { CommandError } from './command-error.ts';

export interface Parsed<F extends Flags> {
  readonly flags: FlagValues<F>;
  readonly positionals: readonly string[];
}

/** Reads the words after a command. Everything unknown, missing, repeated or left over is an error (design §5, exit code 2). */
export function parseCall<F extends Flags>(
  command: Command<F>,
  path: string,
  args: readonly string[],
): Parsed<F> {
  const refuse = (message: string): never => {
    throw new CommandError('usage', `${message}\nMore: ${path} --help`);
  };
  const options = Object.fromEntries(
    Object.entries(command.flags).map(([name, flag]) => [
      name,
      {
        type: flag.type === 'boolean' ? ('boolean' as const) : ('string' as const),
        multiple: true,
        ...(flag.alias === undefined ? {} : { short: flag.alias }),
      },
    ]),
  );
  // Not strict, so that the messages can be our own: all that is strict about it is done with the tokens.
  const { tokens } = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const given = new Map<string, string[]>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const flag = Object.hasOwn(command.flags, token.name) ? command.flags[token.name] : undefined;
    if (!flag) return refuse(unknownFlag(path, token.rawName, command.flags));
    const values = given.get(token.name) ?? [];
    given.set(token.name, values);
    if (flag.type === 'boolean') {
      if (token.value !== undefined) return refuse(`${token.rawName} takes no value`);
    } else if (token.value === undefined || (!token.inlineValue && /^-./.test(token.value))) {
      return refuse(`${token.rawName} needs a value: ${token.rawName} ${flag.hint ?? 'VALUE'}`);
    } else if (flag.choices && !flag.choices.includes(token.value)) {
      const hint = didYouMean(token.value, flag.choices) ?? `one of ${flag.choices.join(', ')}`;
      return refuse(`${token.rawName} does not know "${token.value}" (${hint})`);
    }
    if (values.length > 0 && flag.type === 'string') return refuse(`${token.rawName} was given twice`);
    values.push(token.value ?? '');
  }
  checkPositionals(command, positionals, refuse);
  const flags = Object.entries(command.flags).map(([name, { type }]) => {
    const values = given.get(name) ?? [];
    return [name, type === 'boolean' ? values.length > 0 : type === 'strings' ? values : values[0]];
  });
  return { flags: Object.fromEntries(flags) as FlagValues<F>, positionals };
}

function unknownFlag(path: string, written: string, flags: Flags): string {
  const known = Object.keys(flags).map((name) => `--${name}`);
  const hint = written.startsWith('--') ? didYouMean(written, known) : undefined;
  return `"${path}" has no flag ${written}${hint === undefined ? '' : ` (${hint})`}`;
}

function checkPositionals(
  { positionals: declared = [] }: Pick<Command, 'positionals'>,
  given: readonly string[],
  refuse: (message: string) => never,
): void {
  const missing = declared.find(({ isOptional }, index) => !isOptional && given[index] === undefined);
  if (missing) refuse(`${missing.name} is missing: ${missing.description}`);
  const isOpen = declared.at(-1)?.isRepeated ?? false;
  const [extra] = isOpen ? [] : given.slice(declared.length);
  if (extra !== undefined) {
    refuse(
      declared.length === 0
        ? `"${extra}" is one word too many: this command takes only flags`
        : `"${extra}" is one word too many: expected ${declared.map(({ name }) => name).join(' ')}`,
    );
  }
}
