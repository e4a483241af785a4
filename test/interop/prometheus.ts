import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, startProgram, waitUntilReady, type Program } from './program.ts';

/** Starts a real Prometheus that scrapes `target` (host:port) each second and sends its alerts to `alertmanager` (host:port). */
export async function startPrometheus(options: {
  readonly folder: string;
  readonly target: string;
  readonly alertmanager: string;
  /** The group of alerting rules, as in a rule file. */
  readonly rules: readonly Readonly<Record<string, unknown>>[];
  /** Where it listens; default a free port. */
  readonly port?: number;
}): Promise<Program> {
  const port = options.port ?? (await freePort());
  const home = join(options.folder, 'prometheus');
  await mkdir(home);
  // JSON is YAML, and needs no care about quotes.
  await writeFile(
    join(home, 'rules.yml'),
    JSON.stringify({ groups: [{ name: 'test', interval: '1s', rules: options.rules }] }),
  );
  await writeFile(
    join(home, 'prometheus.yml'),
    JSON.stringify({
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: ['rules.yml'],
      alerting: { alertmanagers: [{ static_configs: [{ targets: [options.alertmanager] }] }] },
      scrape_configs: [{ job_name: 'app', static_configs: [{ targets: [options.target] }] }],
    }),
  );
  const program = startProgram('prometheus', [
    `--config.file=${join(home, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(home, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--log.level=warn',
  ]);
  await waitUntilReady(program, `http://127.0.0.1:${port}/-/ready`);
  return program;
}
