import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { openSqliteStore } from '../store/sqlite/store.ts';
import { STORE_MIGRATIONS } from '../store/sqlite/migrations/list.ts';
import { runCli, temporaryFolder } from './testing/run-cli.ts';

test('a store that a newer version wrote stops the start with one line and exit code 1', async (t) => {
  const folder = await temporaryFolder(t);
  const newer = { version: STORE_MIGRATIONS.length + 1, name: 'later', up: () => {} };
  const path = join(folder, 'data', 'store.db');
  await (await openSqliteStore({ path, migrations: [...STORE_MIGRATIONS, newer] })).close();
  const result = await runCli(['serve', '--listen', '127.0.0.1:0'], { folder });
  assert.equal(result.code, 1);
  assert.match(
    result.stderr,
    /^data\/store\.db has store schema \d+, and this program knows only up to \d+\. .*\n$/,
  );
});

test('a port that is taken stops the start with the flag that chooses another', async (t) => {
  const folder = await temporaryFolder(t);
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  t.after(() => other.close());
  const { port } = other.address() as AddressInfo;
  const result = await runCli(['--listen', `127.0.0.1:${port}`], { folder });
  assert.equal(result.code, 1);
  assert.equal(
    result.stderr,
    `port ${port} is taken by another process; choose one with --listen 127.0.0.1:PORT\n`,
  );
});

test('a configuration with errors stops the start with every finding and exit code 2', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'signalbox.yaml'), 'integrations: {}\nrecievers: {}\n');
  const result = await runCli(['serve'], { folder });
  assert.equal(result.code, 2);
  assert.match(
    result.stderr,
    /^signalbox\.yaml:2:1: unknown key "recievers" \(did you mean "receivers"\?\)$/m,
  );
});

test('a file that is not there is told with the command that writes one', async (t) => {
  const folder = await temporaryFolder(t);
  const result = await runCli(['serve', '--config', 'site.yaml'], { folder });
  assert.equal(result.code, 2);
  assert.match(result.stderr, /there is no file site\.yaml; "signalbox init --out site\.yaml" writes one/);
});
