import type { AlertmanagerConfig } from './config.ts';
import { readPosted } from './posted-alerts.ts';
import {
  Fault,
  readList,
  readObject,
  readOptionalText,
  readTexts,
  readTime,
  wrongShape,
  type AlertData,
  type AlertStatus,
  type Source,
} from '@signalbox/sdk';

/**
 * Alertmanager's webhook, version 4 (https://prometheus.io/docs/alerting/latest/configuration/#webhook_config), and what Prometheus posts to
 * Alertmanager's API v2 (https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml). It is the busiest of all sources, so it
 * checks by hand and passes the sender's own maps on instead of copying them.
 */
export const source: Source<AlertmanagerConfig> = {
  suggestedAuth: { bearer: '${env:ALERTMANAGER_TOKEN}' },
  clientPaths: ['/api/v2/alerts'],
  parse({ body }, config, now) {
    if (Array.isArray(body)) return readPosted(body, config.resolve_timeout_seconds * 1000, now);
    const payload = readObject(body, '');
    if (payload['version'] !== '4') {
      throw new Fault('SB_REJECTED', 'version must be "4", which Alertmanager sends since 0.6.', {
        field: 'version',
      });
    }
    const details = detailsOf(payload);
    return readList(payload['alerts'], 'alerts').map((alert, index) =>
      readAlert(alert, `alerts[${index}]`, details),
    );
  },
};

function readAlert(value: unknown, field: string, details: AlertData['details']): AlertData {
  const alert = readObject(value, field);
  const labels = readTexts(alert['labels'], `${field}.labels`);
  const startsAt = readTime(alert['startsAt'], `${field}.startsAt`);
  const endsAt = readTime(alert['endsAt'], `${field}.endsAt`);
  const generatorURL = readOptionalText(alert['generatorURL'], `${field}.generatorURL`);
  return {
    status: readStatus(alert['status'], `${field}.status`),
    labels: named(labels),
    annotations: readTexts(alert['annotations'], `${field}.annotations`),
    ...(startsAt !== undefined && { startsAt }),
    ...(endsAt !== undefined && { endsAt }),
    ...(generatorURL !== undefined && { generatorURL }),
    ...(details && { details }),
  };
}

function readStatus(value: unknown, field: string): AlertStatus {
  if (value === 'firing' || value === 'resolved') return value;
  throw wrongShape(field, '"firing" or "resolved"');
}

/**
 * Prometheus always sets `alertname`; an alert posted to Alertmanager by hand may lack it. Refusing would lose the alert, so
 * it gets a fixed name, which keeps its identity the same from firing to resolved.
 */
function named(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return labels['alertname'] ? labels : { ...labels, alertname: 'unknown' };
}

/** What people need to find the alert again in Alertmanager; one object for all alerts of the payload. */
function detailsOf(payload: Readonly<Record<string, unknown>>): AlertData['details'] {
  const externalURL = readOptionalText(payload['externalURL'], 'externalURL');
  const groupKey = readOptionalText(payload['groupKey'], 'groupKey');
  const truncated = payload['truncatedAlerts'];
  const truncatedAlerts = typeof truncated === 'number' && truncated > 0 ? truncated : undefined;
  if (externalURL === undefined && groupKey === undefined && truncatedAlerts === undefined) return undefined;
  return {
    ...(externalURL !== undefined && { externalURL }),
    ...(groupKey !== undefined && { groupKey }),
    ...(truncatedAlerts !== undefined && { truncatedAlerts }),
  };
}
