import { startApp } from '../app.ts';
import { collectGarbage } from '../lib/collect-garbage.ts';
import { openLogStream } from '../lib/log-stream.ts';
import { createLog } from '../lib/log.ts';
import { VERSION } from '../lib/version.ts';
import { formatFinding } from '../settings/finding.ts';
import { watchConfig } from '../watch-config.ts';
import { defineCommand } from './command.ts';
import { explainStart } from './explain-start.ts';
import { CONFIG_FLAGS, DATA_FLAG, LISTEN_FLAG, NODE_FLAGS } from './flags.ts';
import { greeting } from './greeting.ts';
import { readSettings } from './read-settings.ts';
import { waitForEnd } from './wait-for-end.ts';

/** After this long nothing of the start is under way any more. */
const SETTLED_MS = 2_000;

export default defineCommand({
  description: [
    'Runs until it is told to stop. Without a configuration file it takes webhooks on `/hooks/alertmanager` and `/hooks/generic`, from this machine only, and prints notifications here.',
    '`SIGHUP` or a changed file reads the configuration again, whole or not at all. `SIGTERM` and `SIGINT` let running work end, close everything and exit with 0.',
    'The log goes to standard error: text on a terminal, JSON lines otherwise (`log.format`).',
  ],
  flags: { ...CONFIG_FLAGS, ...DATA_FLAG, ...LISTEN_FLAG, ...NODE_FLAGS },
  examples: [
    { line: 'signalbox', what: 'the built-in configuration' },
    { line: 'signalbox serve --config signalbox.yaml --data /var/lib/signalbox', what: 'your own' },
    {
      line: 'signalbox serve --config signalbox.yaml --role intake,api',
      what: 'a node that takes signals and answers people',
    },
  ],
  async run({ flags, terminal }) {
    const first = await readSettings(flags);
    const { settings } = first;
    const log = createLog(settings.log.level, {}, openLogStream(settings.log.format));
    for (const warning of first.warnings) log.warn(formatFinding(warning));

    const app = await startApp({ ...first, log, version: VERSION }).catch((error: unknown) => {
      throw explainStart(error, settings);
    });
    terminal.print(
      greeting({ ...first, version: VERSION, url: app.url, healthUrl: app.healthUrl }, terminal),
    );

    setTimeout(collectGarbage, SETTLED_MS).unref();

    const reload = async (): Promise<void> => {
      try {
        const next = await readSettings(flags);
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
    const reason = await waitForEnd(app);
    unwatch();
    if (reason !== undefined) {
      log.error('the thread that owns the state ended; the process ends so that it can be started anew', {
        reason,
      });
      process.exit(1);
    }
    await last;
    await app.stop();
    process.exit(0);
  },
});
