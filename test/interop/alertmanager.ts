import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, startProgram, waitUntilReady, type Program } from './program.ts';

/** Starts a real Alertmanager that posts every group at once to one webhook, with a bearer token. */
export async function startAlertmanager(options: {
  readonly folder: string;
  readonly webhookURL: string;
  readonly token: string;
}): Promise<{ readonly program: Program; readonly address: string }> {
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const home = join(options.folder, 'alertmanager');
  await mkdir(home);
  await writeFile(
    join(home, 'alertmanager.yml'),
    JSON.stringify({
      route: {
        receiver: 'hub',
        group_by: ['alertname'],
        group_wait: '1s',
        group_interval: '1s',
        repeat_interval: '1h',
      },
      receivers: [
        {
          name: 'hub',
          webhook_configs: [
            {
              url: options.webhookURL,
              send_resolved: true,
              http_config: { authorization: { type: 'Bearer', credentials: options.token } },
            },
          ],
        },
      ],
    }),
  );
  const program = startProgram('prometheus-alertmanager', [
    `--config.file=${join(home, 'alertmanager.yml')}`,
    `--storage.path=${join(home, 'data')}`,
    `--web.listen-address=${address}`,
    '--cluster.listen-address=',
    '--log.level=warn',
  ]);
  await waitUntilReady(program, `http://${address}/-/ready`);
  return { program, address };
}
