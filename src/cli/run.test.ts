import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VERSION } from '../lib/version.ts';
import { defineCommand, isBranch, type Branch, type Entry } from './command.ts';
import { CommandError } from './command-error.ts';
import { COMMANDS } from './commands.ts';
import { run } from './run.ts';
import { createFakeTerminal } from './testing/fake-terminal.ts';

function tree(work: () => Promise<number | void> = async () => {}): Branch {
  const leaf: Entry = {
    summary: 'Does it',
    load: async () => ({
      default: defineCommand({
        description: ['At once.'],
        flags: { fast: { type: 'boolean', description: 'Quickly' } },
        examples: [{ line: 'signalbox alerts list --fast', what: 'soon' }],
        run: work,
      }),
    }),
  };
  return {
    summary: 'A hub',
    standard: 'serve',
    commands: { serve: leaf, alerts: { summary: 'Alerts', commands: { list: leaf }, standard: 'list' } },
  };
}

async function start(args: readonly string[], work?: () => Promise<number | void>) {
  const terminal = createFakeTerminal();
  const code = await run(tree(work), args, terminal);
  return { code, printed: terminal.printed.join('\n'), remarked: terminal.remarked.join('\n') };
}

test('without a command, or with flags only, the standard command runs', async () => {
  let runs = 0;
  const work = async () => void runs++;
  for (const args of [[], ['--fast'], ['serve'], ['alerts'], ['alerts', '--fast'], ['alerts', 'list']]) {
    assert.equal((await start(args, work)).code, 0, args.join(' '));
  }
  assert.equal(runs, 6);
});

test('an unknown command is exit code 2 with the one that was meant', async () => {
  const { code, remarked } = await start(['alrets']);
  assert.equal(code, 2);
  assert.match(remarked, /has no command "alrets" \(did you mean "alerts"\?\)/);
  const below = await start(['alerts', 'lst']);
  assert.match(below.remarked, /"signalbox alerts" has no command "lst" \(did you mean "list"\?\)/);
});

test('help is everywhere and runs nothing', async () => {
  const work = async () => assert.fail('it ran');
  const root = await start(['--help'], work);
  assert.match(root.printed, /alerts +Alerts/);
  assert.match((await start(['alerts', '--help'], work)).printed, /list +Does it/);
  const leaf = await start(['alerts', 'list', '--help', '--nonsense'], work);
  assert.match(leaf.printed, /signalbox alerts list \[flags\][\s\S]*--fast +Quickly[\s\S]*# soon/);
  assert.equal(leaf.code, 0);
});

test('the version is one line', async () => {
  assert.deepEqual(await start(['--version']), { code: 0, printed: VERSION, remarked: '' });
});

test('an error for people is its message and its exit code', async () => {
  for (const [kind, expected] of [
    ['failed', 1],
    ['usage', 2],
  ] as const) {
    const { code, remarked } = await start([], async () => {
      throw new CommandError(kind, 'the hub is away');
    });
    assert.equal(code, expected);
    assert.equal(remarked, 'the hub is away');
  }
});

test('an error of the world outside has no stack', async () => {
  const { code, remarked } = await start([], async () => {
    throw Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
  });
  assert.deepEqual([code, remarked], [1, 'EACCES: permission denied']);
});

test('an error of our own has a stack and asks for a report', async () => {
  const { code, remarked } = await start([], async () => {
    throw new TypeError('it is not a function');
  });
  assert.equal(code, 1);
  assert.match(remarked, /TypeError: it is not a function\n\s+at [\s\S]*This is a bug in Signalbox/);
});

test('every command that exists describes itself, and everything that prints for programs has --json', async () => {
  const withoutJson = new Set(['serve', 'alertmanager', 'init', 'convert', 'bench', 'completion']);
  const walk = async (entry: Entry, path: string): Promise<void> => {
    if (isBranch(entry)) {
      for (const [name, child] of Object.entries(entry.commands)) await walk(child, `${path} ${name}`.trim());
      return;
    }
    const command = (await entry.load()).default;
    assert.ok(command.description.length > 0, path);
    assert.ok(command.examples.length > 0, path);
    assert.equal('json' in command.flags, !withoutJson.has(path), path);
    for (const [name, flag] of Object.entries(command.flags))
      assert.ok(flag.description, `${path} --${name}`);
  };
  await walk(COMMANDS, '');
});
