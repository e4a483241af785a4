import type { ServerSettings, StorageSettings, WatchdogSettings } from '../model/settings.ts';
import { RETENTION_KINDS, ROLES } from '../model/settings.ts';
import { formatAddress, isLoopback, isNetwork, parseAddress, type Address } from './address.ts';
import { parseDuration, parseSize } from './quantity.ts';
import type { Report } from './report.ts';
import { resolveFile } from './resolve-file.ts';
import type { Written } from './schema.ts';

export async function resolveServer(written: Written['server'], report: Report): Promise<ServerSettings> {
  const listen = readAddress(written.listen, ['server', 'listen'], report);
  const healthListen =
    written.health_listen === undefined
      ? undefined
      : readAddress(written.health_listen, ['server', 'health_listen'], report);
  written.trusted_proxies.forEach((network, index) => {
    if (!isNetwork(network)) refuseNetwork(['server', 'trusted_proxies', index], report);
  });
  const tls = written.tls && (await resolveTls(written.tls, report));
  const apiTokens = [written.api_tokens].flat();
  if (!isLoopback(listen.host) && apiTokens.length === 0) {
    report.error(['server', 'listen'], {
      code: 'open_api',
      message: 'beyond loopback the API needs a token',
      hint: 'set server.api_tokens, e.g. to ${env:SIGNALBOX_API_TOKEN}, or listen on 127.0.0.1',
    });
  }
  const shown = { ...listen, host: ['0.0.0.0', '::'].includes(listen.host) ? 'localhost' : listen.host };
  return {
    listen,
    roles: ROLES.filter((role) => written.roles.includes(role)),
    ...(written.node_id === undefined ? {} : { nodeId: written.node_id }),
    ...(tls ? { tls } : {}),
    ...(healthListen ? { healthListen } : {}),
    trustedProxies: written.trusted_proxies,
    apiTokens,
    externalURL: (written.external_url ?? `${tls ? 'https' : 'http'}://${formatAddress(shown)}`).replace(
      /\/+$/,
      '',
    ),
    accessLog: written.access_log,
    deliveryThread: written.delivery_thread,
    drainDelayMs: parseDuration(written.drain_delay)!,
    shutdownMs: parseDuration(written.shutdown_timeout)!,
  };
}

async function resolveTls(
  written: NonNullable<Written['server']['tls']>,
  report: Report,
): Promise<NonNullable<ServerSettings['tls']>> {
  const path = ['server', 'tls'];
  const clientCaFile = await resolveFile(written.client_ca_file, [...path, 'client_ca_file'], report);
  return {
    certFile: await resolveFile(written.cert_file, [...path, 'cert_file'], report),
    keyFile: await resolveFile(written.key_file, [...path, 'key_file'], report),
    ...(clientCaFile === undefined ? {} : { clientCaFile }),
    minVersion: written.min_version,
  };
}

/** A loopback address stands in for one that was refused; the error keeps it from being used. */
function readAddress(text: string, path: readonly string[], report: Report): Address {
  const address = parseAddress(text);
  if (address) return address;
  report.error(path, { code: 'wrong_value', message: 'expected a port up to 65535 and a valid host' });
  return { host: '127.0.0.1', port: 0 };
}

export function refuseNetwork(path: readonly (string | number)[], report: Report): void {
  report.error(path, {
    code: 'wrong_value',
    message: 'expected an IP address or a network such as 10.0.0.0/8',
  });
}

export function resolveStorage(
  written: Pick<Written, 'storage' | 'journal'>,
  report: Report,
): StorageSettings {
  const journalMaxBytes = parseSize(written.journal.max_bytes)!;
  if (journalMaxBytes < 1_048_576) {
    report.error(['journal', 'max_bytes'], { code: 'wrong_value', message: 'expected at least 1MiB' });
  }
  const retention = RETENTION_KINDS.map(
    (kind) => [kind, parseDuration(written.storage.retention[kind])!] as const,
  );
  const { url, read_url: readUrl } = written.storage;
  const { url: journalUrl } = written.journal;
  if (journalUrl !== undefined && url === undefined) {
    report.error(['journal', 'url'], {
      code: 'missing_setting',
      message: 'a journal that is shared needs a store that is shared',
      hint: 'set storage.url to a PostgreSQL database',
    });
  }
  if (readUrl !== undefined && url === undefined) {
    report.error(['storage', 'read_url'], {
      code: 'missing_setting',
      message: 'a replica needs the database that it follows',
      hint: 'set storage.url as well',
    });
  }
  const topics = Object.keys(written.journal.publish);
  if (topics.length > 0 && journalUrl?.startsWith('kafka:') !== true) {
    report.error(['journal', 'publish'], {
      code: 'missing_setting',
      message: 'topics for others are published with a journal in Kafka only',
      hint: 'set journal.url to kafka://…, or leave journal.publish out',
    });
  }
  return {
    path: written.storage.path,
    ...(url === undefined ? {} : { url }),
    ...(readUrl === undefined ? {} : { readUrl }),
    ...(journalUrl === undefined ? {} : { journalUrl }),
    publish: Object.fromEntries(
      Object.entries(written.journal.publish).map(([key, topic]) => [key.replaceAll('_', '-'), topic]),
    ),
    journalMaxBytes,
    retention: Object.fromEntries(retention) as StorageSettings['retention'],
  };
}

/** A node that does a part of the work needs others that do the rest, and a place where they meet. */
export function checkRoles(server: ServerSettings, storage: StorageSettings, report: Report): void {
  if (server.roles.length === ROLES.length) return;
  if (storage.url !== undefined && storage.journalUrl !== undefined) return;
  report.error(['server', 'roles'], {
    code: 'missing_setting',
    message: 'a node that does a part of the work shares the rest with others',
    hint: 'set storage.url to PostgreSQL and journal.url to PostgreSQL or Kafka, or leave server.roles out',
  });
}

export function resolveWatchdog(written: Written['watchdog']): WatchdogSettings {
  return {
    ...(written.last_resort === undefined ? {} : { lastResort: written.last_resort }),
    lagMs: parseDuration(written.lag)!,
    undeliveredMs: parseDuration(written.undelivered)!,
    fullRatio: written.full_ratio,
  };
}
