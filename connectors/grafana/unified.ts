import {
  Fault,
  readLink,
  readList,
  readObject,
  readTexts,
  readTime,
  wrongShape,
  type AlertData,
} from '@signalbox/sdk';

type Payload = Readonly<Record<string, unknown>>;

/**
 * Unified alerting, payload version 1: Alertmanager's shape and a few fields more. "No data" and "error" come as firing alerts
 * with names of their own (`DatasourceNoData`, `DatasourceError`) and resolve by themselves.
 */
export function parseUnified(payload: Payload): readonly AlertData[] {
  if (payload['version'] !== '1') {
    throw new Fault(
      'SB_REJECTED',
      'version must be "1", as in every webhook of Grafana’s unified alerting.',
      {
        field: 'version',
      },
    );
  }
  const externalURL = readLink(payload['externalURL']);
  return readList(payload['alerts'], 'alerts').map((alert, index) =>
    readAlert(alert, `alerts[${index}]`, externalURL),
  );
}

function readAlert(value: unknown, field: string, externalURL: string | undefined): AlertData {
  const alert = readObject(value, field);
  const status = alert['status'];
  if (status !== 'firing' && status !== 'resolved')
    throw wrongShape(`${field}.status`, '"firing" or "resolved"');
  const labels = readTexts(alert['labels'], `${field}.labels`);
  const startsAt = readTime(alert['startsAt'], `${field}.startsAt`);
  const endsAt = readTime(alert['endsAt'], `${field}.endsAt`);
  // Grafana's test notification has the relative link `?orgId=1`, which leads nowhere.
  const generatorURL = readLink(alert['generatorURL']);
  return {
    status,
    labels: labels['alertname'] ? labels : { ...labels, alertname: 'unknown' },
    annotations: readTexts(alert['annotations'], `${field}.annotations`),
    ...(startsAt !== undefined && { startsAt }),
    ...(endsAt !== undefined && { endsAt }),
    ...(generatorURL !== undefined && { generatorURL }),
    details: detailsOf(alert, externalURL),
  };
}

const LINKS = ['dashboardURL', 'panelURL', 'silenceURL', 'imageURL'];

/** What a person wants to see beside the alert: the values that tripped it, and where to look. */
function detailsOf(alert: Payload, externalURL: string | undefined): Readonly<Record<string, unknown>> {
  const details: Record<string, unknown> = externalURL === undefined ? {} : { externalURL };
  for (const name of LINKS) {
    const link = readLink(alert[name]);
    if (link !== undefined) details[name] = link;
  }
  const { values, valueString, orgId } = alert;
  if (typeof values === 'object' && values !== null) details['values'] = values;
  if (typeof valueString === 'string' && valueString !== '') details['valueString'] = valueString;
  if (typeof orgId === 'number') details['orgId'] = orgId;
  return details;
}
