import { isIP } from 'node:net';

/** Where the Kafka journal is and how to get in, as `journal.url` says it. Secrets are files or given separately; paths are read later. */
export interface KafkaSettings {
  /** `host:port` of some brokers; the rest are found by asking them. */
  readonly brokers: readonly string[];
  /** The journal's topics are `<prefix>-signals` and `<prefix>-meta`. */
  readonly prefix: string;
  readonly tls?: KafkaTls;
  readonly sasl?: KafkaSasl;
  /** Of `<prefix>-signals`. Default 32, when the topic is made. */
  readonly partitions?: number;
  /** Copies of each partition. Default 3, or as many as there are brokers. */
  readonly replication?: number;
  /** How many copies must have a record before it is acknowledged. Default 2 where there are 3 copies or more, else 1. */
  readonly minIsr?: number;
}

export interface KafkaTls {
  /** PEM file with the authorities to trust, in place of the system's. */
  readonly caPath?: string;
  /** PEM files of the client's own certificate, for mutual TLS. */
  readonly certPath?: string;
  readonly keyPath?: string;
}

export interface KafkaSasl {
  readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512' | 'OAUTHBEARER';
  readonly user?: string;
  readonly password?: string;
  /** Read anew at each connection, so that a changed secret needs no restart. */
  readonly passwordPath?: string;
  readonly tokenPath?: string;
}

/** `journal.url` can't be used. `parameter` says which part of it; no secret stands in the message. */
export class KafkaSettingsError extends Error {
  readonly code = 'journal_settings';
  readonly parameter: string;
  constructor(parameter: string, message: string, options?: ErrorOptions) {
    super(`journal.url: ${message}`, options);
    this.parameter = parameter;
  }
}

const SHAPE = /^kafka:\/\/(?:([^@/?#]*)@)?([^@/?#]+)\/([^/?#]+)(?:\?([^#]*))?$/;
/** What Kafka allows in a topic's name, less what the endings need. */
const PREFIX = /^[A-Za-z0-9._-]{1,200}$/;
const HOST = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?$/;
const DEFAULT_PORT = 9092;
const MAX_PARTITIONS = 512;
const MAX_REPLICATION = 32_767;
const MECHANISMS: Readonly<Record<string, KafkaSasl['mechanism']>> = {
  plain: 'PLAIN',
  'scram-sha-256': 'SCRAM-SHA-256',
  'scram-sha-512': 'SCRAM-SHA-512',
  oauthbearer: 'OAUTHBEARER',
};
const PARAMETERS = new Set(
  'tls ca cert key sasl password_file token_file partitions replication min_isr'.split(' '),
);

/**
 * Reads `kafka://[user:password@]host[:port],…/topic-prefix?parameters`. Parameters: `tls` (true, false), `ca`, `cert`, `key` (PEM
 * files; each turns TLS on), `sasl` (plain, scram-sha-256, scram-sha-512, oauthbearer), `password_file`, `token_file`, `partitions`,
 * `replication`, `min_isr`. A user and a password given separately win over those in the URL.
 *
 * @throws KafkaSettingsError naming the part that is wrong
 * @example
 * parseKafkaUrl('kafka://hub@k1:9093,k2:9093/ops?sasl=scram-sha-512&tls=true&password_file=/run/secrets/kafka');
 */
export function parseKafkaUrl(
  url: string,
  separately: { readonly user?: string; readonly password?: string } = {},
): KafkaSettings {
  const match = SHAPE.exec(url);
  if (!match) {
    throw new KafkaSettingsError(
      'url',
      'must look like kafka://host:9092,host:9092/topic-prefix?partitions=32',
    );
  }
  const [, userinfo, hosts, prefix, query = ''] = match;
  const brokers = hosts!.split(',').map(parseHost);
  if (!PREFIX.test(prefix!)) {
    throw new KafkaSettingsError(
      'topic-prefix',
      'the topic prefix may hold letters, digits, ".", "_" and "-", and not more than 200',
    );
  }
  const read = readParameters(query);
  const tls = readTls(read);
  const sasl = readSasl(read, { ...parseUserinfo(userinfo), ...definedOnly(separately) });
  if (sasl?.mechanism === 'PLAIN' && !tls && read.get('tls') !== 'false' && !brokers.every(isLoopback)) {
    throw new KafkaSettingsError(
      'tls',
      'sasl=plain would send the password in the clear; add tls=true, or say tls=false when the network is to be trusted',
    );
  }
  return definedOnly({
    brokers,
    prefix: prefix!,
    tls,
    sasl,
    partitions: readCount(read, 'partitions', MAX_PARTITIONS),
    replication: readCount(read, 'replication', MAX_REPLICATION),
    minIsr: readCount(read, 'min_isr', MAX_REPLICATION),
  });
}

/** Not even a wrong host is repeated in the message: where the "@" is missing it is the password. */
function parseHost(text: string, index: number): string {
  const match = HOST.exec(text);
  const port = Number(match?.[2] ?? DEFAULT_PORT);
  if (!match || port < 1 || port > 65_535) {
    throw new KafkaSettingsError(
      'host',
      `broker ${index + 1} of the list is not host:port; a comma stands between two brokers, and user and password before "@"`,
    );
  }
  return `${match[1]!}:${port}`;
}

function parseUserinfo(text: string | undefined): { user?: string; password?: string } {
  if (text === undefined || text === '') return {};
  const colon = text.indexOf(':');
  try {
    const user = decodeURIComponent(colon < 0 ? text : text.slice(0, colon));
    return colon < 0 ? { user } : { user, password: decodeURIComponent(text.slice(colon + 1)) };
  } catch {
    throw new KafkaSettingsError(
      'user',
      'user and password must be percent-encoded, for example %40 for "@"',
    );
  }
}

function readParameters(query: string): Map<string, string> {
  const read = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    if (!PARAMETERS.has(name)) {
      throw new KafkaSettingsError(
        name,
        `unknown parameter "${name}"; known are ${[...PARAMETERS].join(', ')}`,
      );
    }
    if (read.has(name)) throw new KafkaSettingsError(name, `${name} is given twice`);
    if (value === '') throw new KafkaSettingsError(name, `${name} is empty`);
    read.set(name, value);
  }
  return read;
}

function readTls(read: ReadonlyMap<string, string>): KafkaTls | undefined {
  const [said, caPath, certPath, keyPath] = ['tls', 'ca', 'cert', 'key'].map((name) => read.get(name));
  if (said !== undefined && said !== 'true' && said !== 'false') {
    throw new KafkaSettingsError('tls', `tls must be true or false, not "${said}"`);
  }
  if ((certPath === undefined) !== (keyPath === undefined)) {
    throw new KafkaSettingsError(certPath === undefined ? 'cert' : 'key', 'cert and key belong together');
  }
  const named = caPath ?? certPath;
  if (said === 'false' && named !== undefined) {
    throw new KafkaSettingsError('tls', 'tls=false contradicts ca, cert and key');
  }
  if (said !== 'true' && named === undefined) return undefined;
  return definedOnly({ caPath, certPath, keyPath });
}

function readSasl(
  read: ReadonlyMap<string, string>,
  { user, password }: { user?: string; password?: string },
): KafkaSasl | undefined {
  const [said, passwordPath, tokenPath] = ['sasl', 'password_file', 'token_file'].map((name) =>
    read.get(name),
  );
  if (said === undefined) {
    if (
      user !== undefined ||
      password !== undefined ||
      passwordPath !== undefined ||
      tokenPath !== undefined
    ) {
      throw new KafkaSettingsError(
        'sasl',
        `credentials are given, but not how to use them; add sasl=plain or another of ${mechanisms()}`,
      );
    }
    return undefined;
  }
  const mechanism = MECHANISMS[said.toLowerCase()];
  if (mechanism === undefined)
    throw new KafkaSettingsError('sasl', `sasl must be one of ${mechanisms()}, not "${said}"`);
  if (mechanism === 'OAUTHBEARER') {
    if (tokenPath === undefined)
      throw new KafkaSettingsError('token_file', 'sasl=oauthbearer needs token_file');
    return { mechanism, tokenPath };
  }
  if (user === undefined) throw new KafkaSettingsError('user', `sasl=${said} needs a user`);
  if (password !== undefined) return { mechanism, user, password };
  if (passwordPath === undefined) {
    throw new KafkaSettingsError('password', `sasl=${said} needs a password, or a password_file`);
  }
  return { mechanism, user, passwordPath };
}

function mechanisms(): string {
  return Object.keys(MECHANISMS).join(', ');
}

function readCount(read: ReadonlyMap<string, string>, name: string, max: number): number | undefined {
  const text = read.get(name);
  if (text === undefined) return undefined;
  const count = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > max) {
    throw new KafkaSettingsError(name, `${name} must be a whole number from 1 to ${max}, not "${text}"`);
  }
  return count;
}

/** The host without its port and brackets. */
export function hostOf(broker: string): string {
  return broker.slice(0, broker.lastIndexOf(':')).replace(/^\[|\]$/g, '');
}

function isLoopback(broker: string): boolean {
  const host = hostOf(broker);
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

function definedOnly<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Defined<T>;
}
