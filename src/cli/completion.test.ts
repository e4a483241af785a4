import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { COMMANDS } from './commands.ts';
import { listCompletable } from './completion.ts';
import { COMPLETION_SCRIPTS } from './completion-scripts.ts';
import { temporaryFolder } from './testing/run-cli.ts';

const places = await listCompletable(COMMANDS);
const hasBash = spawnSync('bash', ['--version']).status === 0;
const skipWithoutBash = hasBash ? false : 'bash is not installed';

test('every command and every flag can be completed, in each shell', () => {
  for (const script of Object.values(COMPLETION_SCRIPTS).map((render) => render(places))) {
    for (const { path, commands, flags } of places) {
      for (const { name } of commands) assert.ok(script.includes(name), [...path, name].join(' '));
      for (const flag of Object.keys(flags)) assert.ok(script.includes(flag), `${path.join(' ')} --${flag}`);
    }
  }
});

const cases: readonly [typed: string[], expected: string[]][] = [
  [['dead'], ['dead-letters']],
  [
    ['alerts', ''],
    ['list', 'show', '--status', '--help'],
  ],
  [['alerts', 'list', '--sta'], ['--status']],
  [['alerts', 'list', '--url', 'x', '--sev'], ['--severity']],
  [['notify', 'test', '--status', 'res'], ['resolved']],
  [['--conf'], ['--config']],
];
for (const [typed, expected] of cases) {
  test(`bash completes: signalbox ${typed.join(' ')}`, { skip: skipWithoutBash }, async (t) => {
    const file = join(await temporaryFolder(t), 'completion.bash');
    writeFileSync(file, COMPLETION_SCRIPTS.bash(places));
    const script = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _signalbox; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', script, 'bash', file, 'signalbox', ...typed], {
      encoding: 'utf8',
    });
    assert.equal(stderr, '');
    const offered = stdout.split('\n');
    for (const word of expected) assert.ok(offered.includes(word), `${word} in ${stdout}`);
  });
}

test('the scripts are valid for their shells where these are installed', async (t) => {
  const folder = await temporaryFolder(t);
  let checked = 0;
  for (const shell of ['bash', 'zsh', 'fish'] as const) {
    if (spawnSync(shell, ['--version']).status !== 0) continue;
    const file = join(folder, shell);
    writeFileSync(file, COMPLETION_SCRIPTS[shell](places));
    assert.equal(spawnSync(shell, ['-n', file], { encoding: 'utf8' }).stderr, '', shell);
    checked += 1;
  }
  if (checked === 0) t.skip('neither bash nor zsh nor fish is installed');
});
