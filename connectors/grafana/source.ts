import { readObject, type Source } from '@signalbox/sdk';
import { parseLegacy } from './legacy.ts';
import { parseUnified } from './unified.ts';

/**
 * Grafana's webhook contact point. Unified alerting always has `alerts`, legacy alerting never. Since Grafana 12 requests can be
 * signed (https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/).
 */
export const source: Source<unknown> = {
  suggestedAuth: { hmac: { preset: 'grafana', secret: '${env:GRAFANA_HMAC_SECRET}' } },
  parse({ body }) {
    const payload = readObject(body, '');
    return 'alerts' in payload || !('state' in payload) ? parseUnified(payload) : parseLegacy(payload);
  },
};
