import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defineCommand, type Flags, type Positional } from './command.ts';
import { CommandError } from './command-error.ts';
import { parseCall } from './parse-call.ts';

const FLAGS = {
  config: { type: 'string', alias: 'c', description: 'A file', hint: 'FILE' },
  label: { type: 'strings', description: 'A label' },
  status: { type: 'string', description: 'A status', choices: ['firing', 'resolved'] },
  json: { type: 'boolean', description: 'JSON' },
} satisfies Flags;

function command(positionals: readonly Positional[] = []) {
  return defineCommand({ description: [], positionals, flags: FLAGS, examples: [], run: async () => {} });
}

function parse(args: readonly string[], positionals?: readonly Positional[]) {
  return parseCall(command(positionals), 'signalbox test', args);
}

function refusal(args: readonly string[], positionals?: readonly Positional[]): string {
  try {
    parse(args, positionals);
  } catch (error) {
    assert.ok(error instanceof CommandError);
    assert.equal(error.exitCode, 2);
    assert.match(error.message, /\nMore: signalbox test --help$/);
    return error.message.split('\n')[0]!;
  }
  assert.fail('it was accepted');
}

test('flags are read with = and without, by alias, repeated where that is meant', () => {
  const { flags } = parse(['-c', 'a.yaml', '--label=x=1', '--label', 'y=2', '--json']);
  assert.deepEqual(flags, { config: 'a.yaml', label: ['x=1', 'y=2'], status: undefined, json: true });
});

test('words without dashes are kept in order; everything behind -- is one', () => {
  const file = { name: 'FILE', description: 'A file', isRepeated: true };
  assert.deepEqual(parse(['a', '--json', 'b', '--', '--c'], [file]).positionals, ['a', 'b', '--c']);
  assert.deepEqual(parse(['-'], [file]).positionals, ['-']);
});

const FILE = { name: 'FILE', description: 'The payload' };
const refusals: readonly [name: string, args: string[], message: RegExp, positionals?: Positional[]][] = [
  ['an unknown flag, with the one that was meant', ['--jsn'], /no flag --jsn \(did you mean "--json"\?\)/],
  ['an unknown letter', ['-x'], /no flag -x/],
  ['a negated flag that does not exist', ['--no-json'], /no flag --no-json/],
  ['a flag without its value', ['--config'], /--config needs a value: --config FILE/],
  ['a flag where a value should be', ['--config', '--json'], /--config needs a value/],
  ['a value for a switch', ['--json=yes'], /--json takes no value/],
  ['a flag that is given twice', ['-c', 'a', '--config', 'b'], /--config was given twice/],
  ['a value that is not among the choices', ['--status', 'fring'], /"fring" \(did you mean "firing"\?\)/],
  ['a word too many', ['file'], /"file" is one word too many: this command takes only flags/],
  ['a second word too many', ['a', 'b'], /"b" is one word too many: expected FILE/, [FILE]],
  ['a missing word', [], /FILE is missing: The payload/, [FILE]],
  ['the name of something that every object has', ['--constructor'], /no flag --constructor/],
];
for (const [name, args, message, positionals] of refusals) {
  test(`refused: ${name}`, () => assert.match(refusal(args, positionals), message));
}
