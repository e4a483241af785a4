import { Fault } from '@signalbox/sdk';
import type { SlackConfig } from './config.ts';

/** What a call of the Web API needs. */
export interface Access {
  readonly apiUrl: string;
  readonly token: string;
}

/** @throws Fault `SB_CONFIG` when the settings are for neither way of posting */
export function accessOf(config: SlackConfig): Access {
  const channel = config.channel ?? config.go_templates?.channel;
  if (config.token === undefined || channel === undefined) {
    const field = config.token === undefined ? 'config.token' : 'config.channel';
    throw new Fault('SB_CONFIG', 'give either `webhook_url`, or `token` and `channel`', { field });
  }
  return { apiUrl: config.api_url, token: config.token };
}
