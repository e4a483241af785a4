import { didYouMean } from '../settings/suggest.ts';
import { isBranch, type Branch, type Entry } from './command.ts';
import { CommandError } from './command-error.ts';

export interface Found {
  readonly entry: Entry;
  /** The words that lead to it, without the program's own name: `['alerts', 'show']`. */
  readonly path: readonly string[];
  /** What is left for the command. */
  readonly rest: readonly string[];
}

/** Follows the words to a command. Flags without a word before them belong to the command that runs when none is named. */
export function findCommand(root: Branch, args: readonly string[]): Found {
  let entry: Entry = root;
  let rest = args;
  const path: string[] = [];
  while (isBranch(entry)) {
    const [word] = rest;
    if (word !== undefined && !word.startsWith('-')) {
      const known: Branch = entry;
      if (!Object.hasOwn(known.commands, word)) throw unknownCommand(path, word, known);
      entry = known.commands[word]!;
      path.push(word);
      rest = rest.slice(1);
    } else if (entry.standard === undefined || isHelp(word)) {
      break;
    } else {
      path.push(entry.standard);
      entry = entry.commands[entry.standard]!;
    }
  }
  return { entry, path, rest };
}

export function isHelp(word: string | undefined): boolean {
  return word === '--help' || word === '-h';
}

function unknownCommand(path: readonly string[], word: string, branch: Branch): CommandError {
  const names = Object.keys(branch.commands);
  const before = ['signalbox', ...path].join(' ');
  const hint = didYouMean(word, names);
  return new CommandError(
    'usage',
    `"${before}" has no command "${word}"${hint === undefined ? '' : ` (${hint})`}\n` +
      `Commands: ${names.join(', ')}. More: ${before} --help`,
  );
}
