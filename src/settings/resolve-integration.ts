import type { Connector } from '@signalbox/sdk';
import type {
  DeliverySettings,
  EndpointSettings,
  HttpSettings,
  IntegrationSettings,
} from '../model/settings.ts';
import { isNetwork } from './address.ts';
import { parseDuration, parseSize } from './quantity.ts';
import type { Report } from './report.ts';
import { resolveAuth } from './resolve-auth.ts';
import { resolveFile } from './resolve-file.ts';
import { refuseNetwork } from './resolve-server.ts';
import type { WrittenIntegration } from './schema.ts';

export async function resolveIntegration(
  id: string,
  written: WrittenIntegration,
  connector: Connector,
  config: Readonly<Record<string, unknown>>,
  report: Report,
): Promise<IntegrationSettings> {
  return {
    id,
    ...(written.title === undefined ? {} : { title: written.title }),
    connector: written.connector,
    tenant: written.tenant,
    config,
    ...(connector.source ? { endpoint: resolveEndpoint(id, written, report) } : {}),
    delivery: resolveDelivery(written),
    http: await resolveHttp(id, written.http, report),
  };
}

function resolveEndpoint(id: string, written: WrittenIntegration, report: Report): EndpointSettings {
  const path = ['integrations', id];
  const paths = [written.path ?? [], written.paths ?? []].flat();
  const ips = [written.allow.ips].flat();
  ips.forEach((ip, index) => {
    const single = typeof written.allow.ips === 'string';
    if (!isNetwork(ip)) refuseNetwork([...path, 'allow', 'ips', ...(single ? [] : [index])], report);
  });
  const limits = {
    bodyBytes: parseSize(written.limits.body)!,
    inflatedBytes: parseSize(written.limits.inflated)!,
    depth: written.limits.depth,
    timeoutMs: parseDuration(written.limits.timeout)!,
    ratePerSecond: written.limits.rate === 'unlimited' ? Infinity : written.limits.rate,
    burst: written.limits.rate === 'unlimited' ? Infinity : written.limits.burst,
  };
  if (limits.inflatedBytes < limits.bodyBytes) {
    const message = 'smaller than limits.body, so larger bodies are refused even uncompressed';
    report.warn([...path, 'limits', 'inflated'], { code: 'small_limit', message });
  }
  const resolveAfterMs =
    written.resolve_after === undefined ? undefined : parseDuration(written.resolve_after)!;
  const dedupeWindowMs = parseDuration(written.dedupe_window)!;
  return {
    paths: (paths.length > 0 ? paths : [`/hooks/${id}`]).map((each) => each.replace(/(?<=.)\/+$/, '')),
    auth: resolveAuth(written.auth, [...path, 'auth'], report),
    allow: { ips, hosts: [written.allow.hosts].flat() },
    limits,
    passHeaders: written.headers.map((header) => header.toLowerCase()),
    ...(written.delivery_id_header === undefined
      ? {}
      : { deliveryIdHeader: written.delivery_id_header.toLowerCase() }),
    dedupeWindowMs,
    labels: written.labels,
    ...(resolveAfterMs === undefined ? {} : { resolveAfterMs }),
    ...(written.heartbeat === undefined ? {} : { heartbeatMs: parseDuration(written.heartbeat)! }),
  };
}

function resolveDelivery(written: WrittenIntegration): DeliverySettings {
  const { rate, retry, breaker } = written;
  return {
    ...(rate ? { rate: { requests: rate.requests, perMs: parseDuration(rate.per)! } } : {}),
    concurrency: written.concurrency,
    timeoutMs: parseDuration(written.timeout)!,
    retry: {
      initialMs: parseDuration(retry.initial)!,
      maxMs: parseDuration(retry.max)!,
      factor: retry.factor,
    },
    deadlineMs: parseDuration(written.deadline)!,
    breaker: { failures: breaker.failures, cooldownMs: parseDuration(breaker.cooldown)! },
    fallback: [written.fallback ?? []].flat(),
    fallbackAfterMs: parseDuration(written.fallback_after)!,
    onUnknown: written.on_unknown,
  };
}

async function resolveHttp(
  id: string,
  written: WrittenIntegration['http'],
  report: Report,
): Promise<HttpSettings> {
  const path = ['integrations', id, 'http', 'tls'];
  const caFile = await resolveFile(written.tls.ca_file, [...path, 'ca_file'], report);
  const certFile = await resolveFile(written.tls.cert_file, [...path, 'cert_file'], report);
  const keyFile = await resolveFile(written.tls.key_file, [...path, 'key_file'], report);
  if ((certFile === undefined) !== (keyFile === undefined)) {
    report.error(path, { code: 'missing_key', message: '"cert_file" and "key_file" need each other' }, 'key');
  }
  return {
    ...(written.proxy === undefined ? {} : { proxy: written.proxy }),
    tls: {
      minVersion: written.tls.min_version,
      ...(caFile === undefined ? {} : { caFile }),
      ...(certFile === undefined ? {} : { certFile }),
      ...(keyFile === undefined ? {} : { keyFile }),
    },
    reach: written.reach,
  };
}
