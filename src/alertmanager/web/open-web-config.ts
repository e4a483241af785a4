import { unwatchFile, watchFile } from 'node:fs';
import type { Logger } from '../../lib/log.ts';
import { loadWebConfig } from './load-web-config.ts';
import type { WebConfig } from './web-config.ts';

/** A web configuration that follows its file. */
export interface OpenWebConfig {
  current(): WebConfig;
  close(): void;
}

/** Looked at by its state, not by events, because links in between may be what is replaced. */
const LOOK_MS = 1_000;

/**
 * Reads the file, and again whenever it changes, so that whoever is taken out of it stays out. One that is wrong changes nothing and is
 * logged. TLS itself is what it was at the start, apart from the certificates.
 *
 * @returns what is wrong with it, when it can't be read at first.
 */
export async function openWebConfig(file: string, log: Logger): Promise<OpenWebConfig | string> {
  const first = await loadWebConfig(file);
  if (!first.ok) return first.problem;
  let web = first.web;
  let last = Promise.resolve();
  const readAgain = async (): Promise<void> => {
    const loaded = await loadWebConfig(file);
    if (loaded.ok) {
      web = loaded.web;
      log.info('the web configuration was read again', { file });
    } else {
      log.error('the new web configuration is unusable; the old one stays', { file, reason: loaded.problem });
    }
  };
  const changed = (): void => void (last = last.then(readAgain));
  if (file !== '') watchFile(file, { interval: LOOK_MS, persistent: false }, changed);
  return {
    current: () => web,
    close() {
      if (file !== '') unwatchFile(file, changed);
    },
  };
}
