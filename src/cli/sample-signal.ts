import { CommandError } from './command-error.ts';

export interface SignalWishes {
  readonly severity: string;
  readonly resolved: boolean;
  /** Replace and add to the sample's own. */
  readonly labels: Readonly<Record<string, string>>;
  readonly now: number;
}

/** The connectors whose payloads are known here, the simplest first. For others a person brings the payload. */
export const SAMPLE_CONNECTORS = ['generic', 'alertmanager'] as const;

const SAMPLE_LABELS = { alertname: 'SignalboxSample', instance: 'sample-host' };
const SUMMARY = 'A sample from "signalbox send". Nothing is wrong.';

/** A payload that the connector understands. */
export function sampleSignal(connector: string, wishes: SignalWishes): object {
  const { severity, resolved, now } = wishes;
  const labels = { ...SAMPLE_LABELS, severity, ...wishes.labels };
  if (connector === 'generic') {
    const { alertname, ...others } = labels;
    const title = String(alertname);
    return { alertname: title, summary: SUMMARY, status: resolved ? 'resolved' : 'firing', labels: others };
  }
  if (connector === 'alertmanager') return alertmanagerBody(labels, resolved, now);
  throw new CommandError(
    'usage',
    `there is no sample for the connector ${connector}: bring a payload of that system with --file`,
  );
}

/** Version 4 of Alertmanager's webhook (https://prometheus.io/docs/alerting/latest/configuration/#webhook_config). */
function alertmanagerBody(labels: Readonly<Record<string, string>>, resolved: boolean, now: number): object {
  const status = resolved ? 'resolved' : 'firing';
  const at = new Date(now).toISOString();
  const annotations = { summary: SUMMARY };
  return {
    version: '4',
    groupKey: `{}:{alertname=${JSON.stringify(labels['alertname'])}}`,
    truncatedAlerts: 0,
    status,
    receiver: 'signalbox',
    groupLabels: { alertname: labels['alertname'] },
    commonLabels: labels,
    commonAnnotations: annotations,
    externalURL: 'http://localhost:9093',
    alerts: [
      {
        status,
        labels,
        annotations,
        startsAt: resolved ? new Date(now - 60_000).toISOString() : at,
        endsAt: resolved ? at : '0001-01-01T00:00:00Z',
        generatorURL: '',
        fingerprint: '',
      },
    ],
  };
}
