import { Admin, Consumer, Producer, type BaseOptions, type SASLOptions } from '@platformatic/kafka';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { hostOf, KafkaSettingsError, type KafkaSasl, type KafkaSettings, type KafkaTls } from './url.ts';

/** Names this program in the brokers' logs and quotas. */
const CLIENT_ID = 'signalbox';
const CONNECT_TIMEOUT_MS = 5_000;
/** After this long without an answer a connection is given up. Above the longest wait of a fetch. */
const REQUEST_TIMEOUT_MS = 10_000;
const RETRIES = 5;
const RETRY_DELAY_MS = 200;
/** Not below 2: the client takes 0 and 1 of an idempotent producer for "without end". */
const PRODUCER_RETRIES = 2;
const PRODUCER_RETRY_DELAY_MS = 100;

/** Options of every client of this journal. Reads the TLS files; the secrets' files are read at each connection. */
export function connectionOptions(settings: KafkaSettings): BaseOptions {
  const { brokers, tls, sasl } = settings;
  return {
    clientId: CLIENT_ID,
    bootstrapBrokers: [...brokers],
    connectTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    timeout: REQUEST_TIMEOUT_MS,
    retries: RETRIES,
    retryDelay: RETRY_DELAY_MS,
    autocreateTopics: false,
    ...(tls
      ? { tls: readTlsFiles(tls), tlsServerName: brokers.every((one) => isIP(hostOf(one)) === 0) }
      : {}),
    ...(sasl ? { sasl: saslOptions(sasl) } : {}),
  };
}

export function createAdmin(settings: KafkaSettings): Admin {
  return new Admin(connectionOptions(settings));
}

/**
 * A client that only fetches and looks up offsets; it joins no group, so the id is never seen by a broker. It repeats nothing by
 * itself, because the reader knows better what is still wanted.
 */
export function createFetcher(settings: KafkaSettings, topic: string): Consumer {
  const consumer = new Consumer({
    ...connectionOptions(settings),
    groupId: CLIENT_ID,
    retries: 0,
    minBytes: 1,
  });
  consumer.topics.track(topic);
  return consumer;
}

/**
 * Idempotent: what the client repeats within one send the broker keeps once. It repeats only a little, because it does not notice that the
 * partitions of a request have got different leaders.
 */
export function createProducer(settings: KafkaSettings): Producer {
  return new Producer({
    ...connectionOptions(settings),
    idempotent: true,
    retries: PRODUCER_RETRIES,
    retryDelay: PRODUCER_RETRY_DELAY_MS,
  });
}

/**
 * For a record that may be there twice: needs no producer id, which a cluster that has just started can't give yet. Who sends has to say how
 * many copies must have the record: what the client is told here it ignores.
 */
export function createPlainProducer(settings: KafkaSettings): Producer {
  return new Producer(connectionOptions(settings));
}

/** Closes a client without waiting for what is under way, for one whose brokers may not answer. */
export function abandon(client: Admin | Consumer | Producer): void {
  const connections = [...client.connections].map(([, connection]) => connection);
  client.close(() => {});
  for (const connection of connections) connection.socket?.destroy();
}

function readTlsFiles({ caPath, certPath, keyPath }: KafkaTls): NonNullable<BaseOptions['tls']> {
  return {
    ...(caPath === undefined ? {} : { ca: readTlsFile('ca', caPath) }),
    ...(certPath === undefined ? {} : { cert: readTlsFile('cert', certPath) }),
    ...(keyPath === undefined ? {} : { key: readTlsFile('key', keyPath) }),
  };
}

function readTlsFile(parameter: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw unreadable(parameter, path, error);
  }
}

function saslOptions(sasl: KafkaSasl): SASLOptions {
  const { mechanism, user, password, passwordPath, tokenPath } = sasl;
  return {
    mechanism,
    ...(user === undefined ? {} : { username: user }),
    ...(password === undefined ? {} : { password }),
    ...(passwordPath === undefined ? {} : { password: () => readSecret('password_file', passwordPath) }),
    ...(tokenPath === undefined ? {} : { token: () => readSecret('token_file', tokenPath) }),
  };
}

async function readSecret(parameter: string, path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
  } catch (error) {
    throw unreadable(parameter, path, error);
  }
}

function unreadable(parameter: string, path: string, cause: unknown): KafkaSettingsError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new KafkaSettingsError(parameter, `${parameter} ${path} can't be read: ${reason}`, { cause });
}
