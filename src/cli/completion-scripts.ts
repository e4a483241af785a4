import type { Flag, Flags } from './command.ts';

/** One place in the tree of commands: what has been typed, and what may follow. */
export interface Completable {
  readonly path: readonly string[];
  readonly commands: readonly { readonly name: string; readonly summary: string }[];
  readonly flags: Flags;
}

/** Shell code by shell. Pure: the same commands give the same text. */
export const COMPLETION_SCRIPTS = { bash, zsh, fish };
type Shell = keyof typeof COMPLETION_SCRIPTS;

export function isShell(text: string): text is Shell {
  return Object.hasOwn(COMPLETION_SCRIPTS, text);
}

const PATH_HINTS: Readonly<Record<string, 'file' | 'folder'>> = { FILE: 'file', DIR: 'folder' };

function bash(places: readonly Completable[]): string {
  const cases = places.map(({ path, commands, flags }) => {
    const words = [...commands.map(({ name }) => name), ...flagWords(flags)].join(' ');
    return `    '${path.join(' ')}') words='${words}' ;;`;
  });
  return `# bash completion for signalbox
_signalbox() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" place='' words='' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$place $word" in
${branchPatterns(places)
  .map((pattern) => `      '${pattern}') place="\${place:+$place }$word" ;;`)
  .join('\n')}
    esac
  done
  case "$previous" in
${valueCases(places, (values) => `COMPREPLY=($(compgen -W '${values.join(' ')}' -- "$current")); return`)}
${pathCases(places, { file: 'COMPREPLY=($(compgen -f -- "$current")); return', folder: 'COMPREPLY=($(compgen -d -- "$current")); return' })}
  esac
  case "$place" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  # Nothing of ours fits: the name of a file.
  if [ \${#COMPREPLY[@]} -eq 0 ] && [ "\${current#-}" = "$current" ]; then COMPREPLY=($(compgen -f -- "$current")); fi
}
complete -o filenames -F _signalbox signalbox`;
}

function zsh(places: readonly Completable[]): string {
  const cases = places.map(({ path, commands, flags }) => {
    const words = [
      ...commands.map(({ name, summary }) => `${name}:${summary}`),
      ...Object.entries(flags).map(([name, { description }]) => `--${name}:${description}`),
      '--help:Show help',
    ];
    return `    '${path.join(' ')}') words_here=(${words.map(quoteZsh).join(' ')}) ;;`;
  });
  return `#compdef signalbox
# zsh completion for signalbox
_signalbox() {
  local place='' word
  local -a words_here
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$place $word" in
${branchPatterns(places)
  .map((pattern) => `      '${pattern}') place="\${place:+$place }$word" ;;`)
  .join('\n')}
    esac
  done
  case "\${words[CURRENT-1]}" in
${valueCases(places, (values) => `compadd -- ${values.join(' ')}; return`)}
${pathCases(places, { file: '_files; return', folder: '_files -/; return' })}
  esac
  case "$place" in
${cases.join('\n')}
  esac
  _describe 'signalbox' words_here || _files
}
if [ "$funcstack[1]" = "_signalbox" ]; then _signalbox "$@"; else compdef _signalbox signalbox; fi`;
}

function fish(places: readonly Completable[]): string {
  const lines = places.flatMap(({ path, commands, flags }) => {
    const condition = `-n '__signalbox_at "${path.join(' ')}"'`;
    return [
      ...commands.map(
        ({ name, summary }) => `complete -c signalbox -f ${condition} -a ${name} -d ${quoteFish(summary)}`,
      ),
      ...Object.entries(flags).map(
        ([name, flag]) => `complete -c signalbox ${condition} ${fishFlag(name, flag)}`,
      ),
    ];
  });
  const patterns = branchPatterns(places).map((pattern) => `'${pattern}'`);
  return `# fish completion for signalbox
function __signalbox_at
  set -l place ''
  for word in (commandline -opc)[2..-1]
    switch "$place $word"
      case ${patterns.join(' ')}
        set place (string trim "$place $word")
    end
  end
  test "$place" = "$argv[1]"
end
complete -c signalbox -l help -s h -d 'Show help'
${lines.join('\n')}`;
}

function fishFlag(name: string, flag: Flag): string {
  const alias = flag.alias === undefined ? '' : ` -s ${flag.alias}`;
  const values = flag.choices
    ? ` -x -a '${flag.choices.join(' ')}'`
    : flag.type === 'boolean'
      ? ''
      : PATH_HINTS[flag.hint ?? ''] === undefined
        ? ' -x'
        : ' -r -F';
  return `-l ${name}${alias}${values} -d ${quoteFish(flag.description)}`;
}

function flagWords(flags: Flags): readonly string[] {
  return [...Object.keys(flags).map((name) => `--${name}`), '--help'];
}

/** The steps from place to place: what was typed so far, a blank, and the next word. */
function branchPatterns(places: readonly Completable[]): readonly string[] {
  return places.flatMap(({ path, commands }) => commands.map(({ name }) => `${path.join(' ')} ${name}`));
}

/** Flags of one name take the same values everywhere, or the union of them. */
function valueCases(places: readonly Completable[], code: (values: readonly string[]) => string): string {
  const values = new Map<string, Set<string>>();
  for (const { flags } of places) {
    for (const [name, { choices }] of Object.entries(flags)) {
      if (choices) values.set(name, new Set([...(values.get(name) ?? []), ...choices]));
    }
  }
  return [...values].map(([name, all]) => `    --${name}) ${code([...all])} ;;`).join('\n');
}

function pathCases(
  places: readonly Completable[],
  code: Readonly<Record<'file' | 'folder', string>>,
): string {
  const found = new Map<string, string>();
  for (const { flags } of places) {
    for (const [name, { hint, alias }] of Object.entries(flags)) {
      const kind = PATH_HINTS[hint ?? ''];
      if (kind) found.set(alias === undefined ? `--${name}` : `--${name}|-${alias}`, code[kind]);
    }
  }
  return [...found].map(([pattern, text]) => `    ${pattern}) ${text} ;;`).join('\n');
}

function quoteZsh(text: string): string {
  const [name = '', ...rest] = text.split(':');
  return `'${`${name}:${rest.join('\\:')}`.replaceAll("'", `'\\''`)}'`;
}

function quoteFish(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
