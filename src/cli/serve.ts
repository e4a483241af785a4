import { styleText } from 'node:util';
import { defineCommand } from 'citty';
import { startApp, type App } from '../app.ts';
import { createLog } from '../lib/log.ts';
import { VERSION } from '../lib/version.ts';
import { watchConfig } from '../watch-config.ts';
import { CommandError } from './command-error.ts';
import { formatFinding } from '../settings/finding.ts';
import { readSettings, type ReadSettings } from './read-settings.ts';
import { SETTINGS_ARGS } from './settings-args.ts';

/** Runs the hub until it is told to stop. SIGHUP or a changed file reloads, SIGTERM and SIGINT drain and exit 0. */
export default defineCommand({
  meta: { name: 'serve', description: 'Run the hub (the default command)' },
  args: SETTINGS_ARGS,
  async run({ args }) {
    const first = await readSettings(args);
    const { settings } = first;
    const log = createLog(settings.log.level);
    for (const warning of first.warnings) log.warn(formatFinding(warning));

    const app = await startApp({ ...first, log, version: VERSION }).catch((error: unknown) => {
      throw new CommandError('failed', explainStart(error, settings.server.listen.port));
    });
    process.stdout.write(greeting(app, first));

    const reload = async (): Promise<void> => {
      try {
        const next = await readSettings(args);
        for (const warning of next.warnings) log.warn(formatFinding(warning));
        const fixed = await app.reload(next.settings);
        log.info('the configuration was reloaded', { revision: next.settings.revision });
        if (fixed.length > 0)
          log.warn('some settings take effect with the next start only', { settings: fixed });
      } catch (error) {
        log.error('the configuration was not reloaded; the running one stays', {
          reason: error instanceof Error ? error.message : String(error),
        });
      }
    };
    // One reload at a time, in the order they were asked for.
    let last = Promise.resolve();
    const queueReload = (): void => void (last = last.then(reload));
    const unwatch = watchConfig(first.files, queueReload);
    process.on('SIGHUP', () => {
      app.reloadCertificates();
      queueReload();
    });
    const stopSignal = new Promise<string>((resolve) => {
      process.once('SIGTERM', () => resolve('SIGTERM'));
      process.once('SIGINT', () => resolve('SIGINT'));
    });
    const reason = await Promise.race([stopSignal, app.died.then((why) => new Error(why))]);
    unwatch();
    if (reason instanceof Error) {
      log.error('the thread that owns the state ended; the process ends so that it can be started anew', {
        reason: reason.message,
      });
      process.exit(1);
    }
    await last;
    await app.stop();
    process.exit(0);
  },
});

function greeting(app: App, { settings, files }: ReadSettings): string {
  const hook = Object.values(settings.integrations).find(
    ({ connector, endpoint }) => connector === 'generic' && endpoint?.auth.length === 0,
  );
  const lines = [
    '',
    `  ${styleText('bold', 'Signalbox')} ${VERSION}   ${styleText('dim', `configuration: ${files[0] ?? 'built in'}, data: ${settings.storage.path}`)}`,
    '',
    `  listening on ${app.url}`,
    ...(app.healthUrl ? [`  health on ${app.healthUrl}`] : []),
    '',
  ];
  if (hook) {
    lines.push(
      '  Send a first alert from another terminal, and see it arrive here:',
      '',
      `    curl -sS -H 'content-type: application/json' -d '{"title":"Disk almost full","severity":"critical","instance":"db-1"}' ${app.url}${hook.endpoint!.paths[0]}`,
      '',
    );
  }
  return `${lines.join('\n')}\n`;
}

function explainStart(error: unknown, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE')
    return `port ${port} is taken by another process; choose one with --listen 127.0.0.1:PORT`;
  if (code === 'EACCES')
    return `this user may not use port ${port} or the data folder; see docs/operations.md`;
  return error instanceof Error
    ? code === undefined
      ? (error.stack ?? error.message)
      : error.message
    : String(error);
}
