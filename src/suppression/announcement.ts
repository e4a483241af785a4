import type { AlertData } from '@signalbox/sdk';
import { formatMatchers } from '../model/create-matcher.ts';
import { OWN_INTEGRATION } from '../model/own-integration.ts';
import type { Silence } from '../model/silence.ts';

/**
 * `MaintenanceWindow` fires while an announced window holds and resolves when it lets go.
 *
 * @param until when the present occurrence ends; undefined: none holds.
 */
export function announceWindow(window: Silence, until: number | undefined, now: number): AlertData {
  return {
    status: until === undefined ? 'resolved' : 'firing',
    labels: labelsOf('MaintenanceWindow', window),
    annotations: {
      summary: `Maintenance: ${window.comment}`,
      description: `Alerts that ${formatMatchers(window.matchers)} takes are held${until === undefined ? '' : ` until ${time(until)}`}.`,
    },
    endsAt: time(until ?? now),
  };
}

/** `SilenceExpiring` fires near the end of a silence that still holds something. */
export function noticeExpiry(silence: Silence, isDue: boolean, now: number): AlertData {
  return {
    status: isDue ? 'firing' : 'resolved',
    labels: labelsOf('SilenceExpiring', silence),
    annotations: {
      summary: `The silence of ${silence.createdBy} ends at ${time(silence.endsAt)} and still holds firing alerts`,
      description: `${formatMatchers(silence.matchers)}: ${silence.comment}`,
    },
    endsAt: time(isDue ? silence.endsAt : now),
  };
}

function labelsOf(alertname: string, { id }: Silence): AlertData['labels'] {
  return { alertname, severity: 'info', silence: id, source: OWN_INTEGRATION };
}

function time(at: number): string {
  return new Date(at).toISOString();
}
