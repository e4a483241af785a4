import type { HmacSettings } from '../../model/settings.ts';

/** How vendors sign, as they document it; the configuration names one and adds the secret. */
export const HMAC_PRESETS: Readonly<Record<string, Omit<HmacSettings, 'kind' | 'secrets'>>> = {
  /** https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries (Gitea and Forgejo send the same header). */
  github: bodySignature('x-hub-signature-256', 'sha256', 'sha256='),
  /** https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/ */
  bitbucket: bodySignature('x-hub-signature', 'sha256', 'sha256='),
  /** https://docs.slack.dev/authentication/verifying-requests-from-slack */
  slack: {
    header: 'x-slack-signature',
    algorithm: 'sha256',
    encoding: 'hex',
    prefix: 'v0=',
    content: 'v0:{timestamp}:{body}',
    timestampHeader: 'x-slack-request-timestamp',
    toleranceMs: 300_000,
  },
  /** https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/ */
  grafana: bodySignature('x-grafana-alerting-signature', 'sha256', ''),
  /** The same with the contact point's option "timestamp header" set to `X-Grafana-Alerting-Timestamp`. */
  grafana_timestamp: {
    header: 'x-grafana-alerting-signature',
    algorithm: 'sha256',
    encoding: 'hex',
    prefix: '',
    content: '{timestamp}:{body}',
    timestampHeader: 'x-grafana-alerting-timestamp',
    toleranceMs: 300_000,
  },
  /** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md; the secret is the base64 after `whsec_`. */
  standard_webhooks: {
    header: 'webhook-signature',
    algorithm: 'sha256',
    encoding: 'base64',
    prefix: 'v1,',
    content: '{id}.{timestamp}.{body}',
    timestampHeader: 'webhook-timestamp',
    idHeader: 'webhook-id',
    toleranceMs: 300_000,
  },
  /** https://developer.pagerduty.com/docs/verifying-webhook-signatures */
  pagerduty: bodySignature('x-pagerduty-signature', 'sha256', 'v1='),
  /** https://docs.sentry.io/organization/integrations/integration-platform/webhooks/ */
  sentry: bodySignature('sentry-hook-signature', 'sha256', ''),
  /** https://developer.hashicorp.com/terraform/cloud-docs/api-docs/notification-configurations#notification-authenticity */
  terraform: bodySignature('x-tfe-notification-signature', 'sha512', ''),
  /** https://fluxcd.io/flux/components/notification/providers/#generic-webhook-with-hmac */
  flux: bodySignature('x-signature', 'sha256', 'sha256='),
};

function bodySignature(
  header: string,
  algorithm: HmacSettings['algorithm'],
  prefix: string,
): Omit<HmacSettings, 'kind' | 'secrets'> {
  return { header, algorithm, encoding: 'hex', prefix, content: '{body}', toleranceMs: 0 };
}
