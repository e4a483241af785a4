import type { HmacSettings } from './settings.ts';

/** How one vendor signs. What a person writes beside `preset` replaces single values of it. */
export interface HmacPreset extends Omit<HmacSettings, 'kind' | 'secrets'> {
  /** How the secret is handed out: as text that is the key itself, or as base64 with a prefix in front. */
  readonly secretEncoding: 'text' | 'base64';
  readonly secretPrefix: string;
  /** What is signed once a timestamp header is configured, where the vendor leaves that to the user. */
  readonly contentWithTimestamp?: string;
}

export const HMAC_PRESET_NAMES = [
  'github',
  'bitbucket',
  'slack',
  'grafana',
  'standard_webhooks',
  'pagerduty',
  'sentry',
  'terraform_cloud',
  'flux',
] as const;
export type HmacPresetName = (typeof HMAC_PRESET_NAMES)[number];

const FIVE_MINUTES_MS = 300_000;

/** What holds when no preset is named. */
export const HMAC_GENERIC: HmacPreset = {
  header: 'x-signature',
  algorithm: 'sha256',
  encoding: 'hex',
  prefix: '',
  content: '{body}',
  contentWithTimestamp: '{timestamp}.{body}',
  toleranceMs: FIVE_MINUTES_MS,
  secretEncoding: 'text',
  secretPrefix: '',
};

export const HMAC_PRESETS: Readonly<Record<HmacPresetName, HmacPreset>> = {
  /** https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries */
  github: { ...HMAC_GENERIC, header: 'x-hub-signature-256', prefix: 'sha256=' },
  /** https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/ */
  bitbucket: { ...HMAC_GENERIC, header: 'x-hub-signature', prefix: 'sha256=' },
  /** https://api.slack.com/authentication/verifying-requests-from-slack */
  slack: {
    ...HMAC_GENERIC,
    header: 'x-slack-signature',
    prefix: 'v0=',
    content: 'v0:{timestamp}:{body}',
    timestampHeader: 'x-slack-request-timestamp',
  },
  /** https://grafana.com/docs/grafana/latest/alerting/contact-points/notifiers/webhook-notifier, since Grafana 12. */
  grafana: {
    ...HMAC_GENERIC,
    header: 'x-grafana-alerting-signature',
    contentWithTimestamp: '{timestamp}:{body}',
  },
  /** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
  standard_webhooks: {
    ...HMAC_GENERIC,
    header: 'webhook-signature',
    encoding: 'base64',
    prefix: 'v1,',
    content: '{id}.{timestamp}.{body}',
    timestampHeader: 'webhook-timestamp',
    idHeader: 'webhook-id',
    secretEncoding: 'base64',
    secretPrefix: 'whsec_',
  },
  /** https://developer.pagerduty.com/docs/verifying-webhook-signatures: several, with commas between, during a rotation. */
  pagerduty: { ...HMAC_GENERIC, header: 'x-pagerduty-signature', prefix: 'v1=' },
  /** https://docs.sentry.io/organization/integrations/integration-platform/webhooks/ */
  sentry: { ...HMAC_GENERIC, header: 'sentry-hook-signature' },
  /** https://developer.hashicorp.com/terraform/cloud-docs/workspaces/settings/notifications#notification-authenticity */
  terraform_cloud: { ...HMAC_GENERIC, header: 'x-tfe-notification-signature', algorithm: 'sha512' },
  /** https://fluxcd.io/flux/components/notification/providers/#generic-webhook-with-hmac */
  flux: { ...HMAC_GENERIC, prefix: 'sha256=' },
};
