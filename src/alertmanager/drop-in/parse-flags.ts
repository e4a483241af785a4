import { parseGoDuration } from '../go-duration.ts';
import { DROP_IN_FLAGS, type DropInFlag, type DropInFlags } from './flags.ts';

export type ParsedFlags =
  | { readonly ok: true; readonly flags: DropInFlags; readonly asksFor?: 'version' | 'help' }
  /** In the words of Alertmanager's own parser (https://github.com/alecthomas/kingpin). */
  | { readonly ok: false; readonly problem: string };

const TABLE: Readonly<Record<string, DropInFlag>> = DROP_IN_FLAGS;

/** Reads `--flag=value`, `--flag value`, `--switch` and `--no-switch`, as Alertmanager does. */
export function parseFlags(args: readonly string[]): ParsedFlags {
  const given = new Map<string, string[]>();
  const switches = new Map<string, boolean>();
  let asksFor: 'version' | 'help' | undefined;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    if (!arg.startsWith('-') || arg === '-') return refuse(`unexpected ${arg}`);
    if (arg === '-h' || HELP.includes(arg)) {
      asksFor ??= 'help';
      continue;
    }
    if (arg === '--version') {
      asksFor ??= 'version';
      continue;
    }
    if (!arg.startsWith('--')) return refuse(`unknown short flag '${arg.slice(0, 2)}'`);
    const [, name = '', inline] = /^--([^=]*)(?:=(.*))?$/s.exec(arg) ?? [];
    const flag = Object.hasOwn(TABLE, name) ? TABLE[name] : undefined;
    const switched = readSwitch(name, inline);
    if (switched !== undefined) {
      if (switches.has(switched.name)) return refuse(`flag '${switched.name}' cannot be repeated`);
      switches.set(switched.name, switched.on);
      continue;
    }
    if (flag === undefined || flag.kind === 'switch') return refuse(`unknown long flag '--${name}'`);
    const next = args[at + 1];
    const value = inline ?? (next === undefined || /^-./.test(next) ? undefined : next);
    if (value === undefined) return refuse(`expected argument for flag '--${name}'`);
    if (inline === undefined) at++;
    const problem = valueProblem(name, flag, value);
    if (problem !== undefined) return refuse(problem);
    const before = given.get(name) ?? [];
    if (before.length > 0 && flag.kind !== 'texts') return refuse(`flag '${name}' cannot be repeated`);
    given.set(name, [...before, value]);
  }
  const flags = Object.fromEntries(
    Object.entries(TABLE).map(([name, flag]) => [name, valueOf(flag, given.get(name), switches.get(name))]),
  ) as unknown as DropInFlags;
  return { ok: true, flags, ...(asksFor === undefined ? {} : { asksFor }) };
}

const HELP = ['--help', '--help-long', '--help-man'];

function refuse(problem: string): ParsedFlags {
  return { ok: false, problem: `${problem}, try --help` };
}

function readSwitch(
  written: string,
  inline: string | undefined,
): { readonly name: string; readonly on: boolean } | undefined {
  const isSwitch = (name: string): boolean => Object.hasOwn(TABLE, name) && TABLE[name]!.kind === 'switch';
  if (inline !== undefined) return undefined;
  if (isSwitch(written)) return { name: written, on: true };
  const name = written.replace(/^no-/, '');
  return name !== written && isSwitch(name) ? { name, on: false } : undefined;
}

function valueProblem(name: string, { kind, choices }: DropInFlag, value: string): string | undefined {
  if (choices !== undefined && !choices.includes(value)) {
    return `unrecognized ${name.replace('.', ' ')} ${value}`;
  }
  if (kind === 'duration' && parseGoDuration(value) === undefined) {
    return `time: invalid duration ${JSON.stringify(value)}`;
  }
  const isNumber = kind === 'number' || kind === 'integer';
  if (isNumber && !/^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(value)) {
    return `strconv.ParseFloat: parsing ${JSON.stringify(value)}: invalid syntax`;
  }
  return undefined;
}

function valueOf(
  { kind, standard }: DropInFlag,
  given: readonly string[] | undefined,
  on: boolean | undefined,
): DropInFlags[keyof DropInFlags] {
  if (kind === 'switch') return on ?? false;
  if (kind === 'texts') return given ?? (standard === undefined ? [] : [standard]);
  const text = given?.[0] ?? standard;
  if (kind === 'text') return text;
  if (kind === 'duration') return parseGoDuration(text ?? '0') ?? 0;
  return kind === 'integer' ? Math.trunc(Number(text)) : Number(text);
}
