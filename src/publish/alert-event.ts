import { ALERT_EVENT, type AlertData } from '@signalbox/sdk';
import type { CloudEvent } from '../journal/kafka/cloudevents.ts';
import type { Alert } from '../model/alert.ts';
import type { Change, StoreIdentity } from '../store/port.ts';

/** Far below what brokers take as one message by default (1 MiB). */
const MAX_DATA_BYTES = 512 * 1024;
/** As many digits as the largest whole number has, so that texts sort like the numbers. */
const SEQUENCE_DIGITS = 16;

/** What the hub says about one alert. It is `AlertData`, so another hub can take it in, and what the hub itself knows beside. */
export interface PublishedAlert extends AlertData {
  readonly fingerprint: string;
  readonly severity: string;
  readonly priority: Alert['priority'];
  /** Counts re-fires, from 1. */
  readonly episode: number;
  /** The integration that spoke last. */
  readonly integration: string;
}

/**
 * One change of an alert as a CloudEvent. `status` and `time` are those of the change; everything else is the alert as it is now, which may be
 * newer. The id stays the same however often the change is published. `sequence` (the CloudEvents extension of that name) rises
 * with every change of the hub, so a consumer can drop what comes late a second time.
 *
 * @example
 * toAlertEvent({ ...change, seq: 7 }, alert, { cluster: 'c', generation: 'g' }).id // 'g-7'
 */
export function toAlertEvent(
  change: Change & { readonly seq: number },
  alert: Alert,
  hub: StoreIdentity,
): CloudEvent {
  return {
    specversion: '1.0',
    // Numbers of changes come again after a restore, which gives the journal another generation.
    id: `${hub.generation}-${change.seq}`,
    source: `/signalbox/${hub.cluster}`,
    type: ALERT_EVENT,
    subject: alert.fingerprint,
    time: new Date(change.at).toISOString(),
    datacontenttype: 'application/json',
    tenantid: alert.tenant,
    partitionkey: `${alert.tenant}/${alert.fingerprint}`,
    sequence: String(change.seq).padStart(SEQUENCE_DIGITS, '0'),
    data: bounded(describe(change, alert)),
  };
}

function describe({ status }: Change, alert: Alert): PublishedAlert {
  const { fingerprint, severity, priority, episode, integration, labels, annotations } = alert;
  const { endsAt, generatorURL, details } = alert;
  return {
    // The feed's statuses of alerts are these two.
    status: status === 'resolved' ? 'resolved' : 'firing',
    labels,
    annotations,
    startsAt: new Date(alert.startsAt).toISOString(),
    // The end of a newer change is not this one's.
    ...(endsAt !== undefined && status === alert.status && { endsAt: new Date(endsAt).toISOString() }),
    ...(generatorURL !== undefined && { generatorURL }),
    ...(details !== undefined && { details }),
    fingerprint,
    severity,
    priority,
    episode,
    integration,
  };
}

/** An alert that no broker would take goes without what describes it: better less of one than nothing of all that follow. */
function bounded(data: PublishedAlert): PublishedAlert {
  if (Buffer.byteLength(JSON.stringify(data)) <= MAX_DATA_BYTES) return data;
  const { details: _, ...rest } = data;
  return { ...rest, annotations: {} };
}
