// Writes everything that is generated: the connector registry and tables, and the three references. With --check only compares.
import { spawnSync } from 'node:child_process';

const GENERATORS = ['gen', 'gen-config-reference', 'gen-http-reference', 'gen-cli-reference'];

const failed = GENERATORS.filter((name) => {
  const script = new URL(`./${name}.ts`, import.meta.url).pathname;
  return spawnSync(process.execPath, [script, ...process.argv.slice(2)], { stdio: 'inherit' }).status !== 0;
});
if (failed.length > 0) process.exitCode = 1;
