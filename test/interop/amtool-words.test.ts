import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startAlertmanager } from './alertmanager.ts';
import { startDropIn } from './drop-in.ts';
import { findProgram, missingPrograms, olderThan, reportVersions } from './program.ts';

const CONFIGURATION = `
route:
  receiver: team
  group_by: [alertname]
  group_wait: 0s
  routes:
  - { receiver: other, matchers: ['x="1"'], continue: true }
  - { receiver: other, matchers: ['y=~"1|2"'] }
receivers: [{ name: team }, { name: other }]
`;

/** Words of each command; `{a}` and `{b}` are ids of silences, `{saved}` is a file with them. */
const COMMANDS: readonly string[] = [
  'alert add alertname=A x=1 --annotation=s=t --generator-url=http://g/',
  'alert add B y=2',
  'alert add alertname=C with\u00a0space=1',
  'alert add',
  'alert query',
  'alert query -o extended',
  'alert query -o simple B',
  'alert query alertname=~"A|C"',
  'alert query alertname=A x=1',
  'alert query --receiver=team',
  'alert query --receiver=oth.*',
  'alert query --active --silenced --inhibited --unprocessed',
  'alert query alertname=~"("',
  'silence add alertname=A -c known -d 1h -a ada',
  'silence add alertname=~"B|C" y!=3 -c known -d 2h -a ada --annotation=k=v',
  'silence add -c nothing',
  'silence add alertname="" -c empty',
  'silence query',
  'silence query -o extended',
  'silence query alertname=A',
  'silence query alertname=~B|C',
  'silence query --within 90m',
  'silence query --created-by ada',
  'silence query --id nothing',
  'silence update {a} -d 3h -c longer',
  'silence update nothing -c longer',
  'alert query --silenced',
  'silence expire {a}',
  'silence expire {a}',
  'silence expire nothing',
  'silence expire 00000000-0000-4000-8000-000000000000',
  'silence query --expired',
  'silence import {saved}',
  'silence import --force {saved}',
  'silence query',
  'silence expire {b} {a}',
  'config routes show',
  'config routes test x=1',
  'config routes test --tree x=1 y=2',
  'config routes test --verify.receivers=other x=1',
];

test('a real amtool says the same of the hub as of a real Alertmanager, for every command that asks one', async (t) => {
  const missing =
    missingPrograms(['alertmanager', 'amtool']) ??
    olderThan('alertmanager', '0.34') ??
    olderThan('amtool', '0.34');
  if (missing !== undefined) return t.skip(missing);
  reportVersions(t, ['alertmanager', 'amtool']);
  await using cleanup = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-words-'));
  cleanup.defer(() => rm(folder, { recursive: true }));
  const real = await startAlertmanager({ folder, configuration: CONFIGURATION });
  cleanup.defer(async () => void (await real.program.stop()));
  const hub = await startDropIn({ folder, configuration: CONFIGURATION });
  cleanup.defer(async () => void (await hub.program.stop()));

  const theirs = await runAll(real.address, join(folder, 'theirs.json'));
  const ours = await runAll(hub.address, join(folder, 'ours.json'));
  for (const [index, command] of COMMANDS.entries()) assert.equal(ours[index], theirs[index], command);
});

async function runAll(address: string, saved: string): Promise<readonly string[]> {
  const amtool = (words: readonly string[]) =>
    new Promise<string>((resolve) => {
      const args = [`--alertmanager.url=http://${address}`, '--no-version-check', ...words];
      execFile(findProgram('amtool')!, args, (error, stdout, stderr) =>
        resolve(`${typeof error?.code === 'number' ? error.code : 0}\n${stdout}${stderr}`),
      );
    });
  const idOf = async (matcher: string): Promise<string> =>
    (await amtool(['silence', 'query', '-q', matcher])).split('\n')[1]!;
  const said: string[] = [];
  const values: Record<string, string> = { saved };
  for (const command of COMMANDS) {
    if (command.includes('{a}') && values['a'] === undefined) {
      values['a'] = await idOf('alertname=A');
      values['b'] = await idOf('alertname=~B|C');
      const listed = await amtool(['silence', 'query', '-o', 'json']);
      await writeFile(saved, listed.slice(listed.indexOf('\n')));
    }
    const filled = command.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
    said.push(withoutChance(await amtool(filled.split(' ')), address));
  }
  return said;
}

/** Ids, times, and the place differ. */
function withoutChance(text: string, address: string): string {
  return text
    .replaceAll(address, 'ADDRESS')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID')
    .replaceAll(/20\d\d-\d\d-\d\d[T ][\d:.]+(?: UTC|Z)?/g, 'TIME');
}
