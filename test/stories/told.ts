import type { SinkRequest } from '../fakes/sink.ts';
import { until, type Answer, type Hub } from '../harness.ts';

/** What a receiver was told, in the order of the names: `firing: disk db-1 firing, disk db-2 resolved`. */
export function told({ body }: SinkRequest): string {
  const { status, alerts } = JSON.parse(body) as {
    status: string;
    alerts: { status: string; labels: Record<string, string> }[];
  };
  const each = alerts.map(({ status: own, labels }) =>
    [labels['alertname'], labels['instance'], own].filter(Boolean).join(' '),
  );
  return `${status}: ${each.sort().join(', ')}`;
}

export interface Statement {
  readonly name: string;
  readonly instance?: string;
  readonly status?: 'firing' | 'resolved';
  readonly severity?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly startsAt?: string;
  readonly endsAt?: string;
}

/** A body as Alertmanager posts it. */
export function alertmanagerBody(...statements: readonly Statement[]): object {
  return {
    version: '4',
    status: 'firing',
    receiver: 'signalbox',
    groupLabels: {},
    commonLabels: {},
    commonAnnotations: {},
    externalURL: 'http://alertmanager.example.org',
    groupKey: '{}:{}',
    alerts: statements.map(
      ({ name, instance, status = 'firing', severity, labels, annotations = {}, startsAt, endsAt }) => ({
        status,
        labels: {
          alertname: name,
          ...(instance === undefined ? {} : { instance }),
          ...(severity === undefined ? {} : { severity }),
          ...labels,
        },
        annotations,
        ...(startsAt === undefined ? {} : { startsAt }),
        ...(endsAt === undefined ? {} : { endsAt }),
      }),
    ),
  };
}

/** Waits until a signal that was accepted is processed; resolves with its receipt. */
export async function processed(hub: Hub, answer: Answer): Promise<Answer['json']> {
  if (answer.status !== 202) throw new Error(`not accepted: ${answer.status} ${answer.text}`);
  return until('the signal is processed', async () => {
    const { json } = await hub.get(`/api/v1/receipts/${answer.json.receipt}`);
    return json.status === 'processed' && json;
  });
}

/** The items of a list of the API. */
export async function list(hub: Hub, path: string): Promise<Answer['json'][]> {
  return (await hub.get(`/api/v1/${path}`)).json.items;
}

/** Waits until the first item of a list fits. */
export function found(hub: Hub, path: string, fits: (item: Answer['json']) => boolean = () => true) {
  return until(`/api/v1/${path} has it`, async () => (await list(hub, path)).find(fits));
}

export function sorted(texts: readonly string[]): string[] {
  return [...texts].sort();
}
