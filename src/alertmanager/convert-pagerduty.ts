import type { AlertmanagerSettings, ReceiverConfig } from './config.ts';
import { convertHttp } from './convert-http.ts';
import { timeoutOf } from './convert-webhook.ts';
import { refuse, secretOrFile, withGiven, type DraftedIntegration, type Drafting } from './drafting.ts';
import { GLOBAL_DEFAULTS } from './inherit-global.ts';
import { isGiven, sectionOf, textOf } from './settings.ts';

/** What an event of Alertmanager is made of where nothing else is said. */
const TEMPLATES: AlertmanagerSettings = {
  description: '{{ template "pagerduty.default.description" .}}',
  client: '{{ template "pagerduty.default.client" . }}',
  client_url: '{{ template "pagerduty.default.clientURL" . }}',
};
/** Details that every event has, unless they are said anew. */
const DETAILS: AlertmanagerSettings = {
  firing: '{{ template "pagerduty.default.instances" .Alerts.Firing }}',
  resolved: '{{ template "pagerduty.default.instances" .Alerts.Resolved }}',
  num_firing: '{{ .Alerts.Firing | len }}',
  num_resolved: '{{ .Alerts.Resolved | len }}',
};
const MORE = ['source', 'severity', 'class', 'component', 'group', 'images', 'links'];

/** `pagerduty_configs` → the connector `pagerduty`, by the Events API v2. */
export function convertPagerduty(entry: ReceiverConfig, drafting: Drafting): DraftedIntegration | undefined {
  const { settings, path } = entry;
  const old = ['service_key', 'service_key_file'].find((key) => isGiven(settings, key));
  if (old !== undefined) {
    const message =
      'a service_key belongs to the Events API v1, which the hub does not speak; add an integration "Events API V2" to the service and give its routing_key';
    return refuse(drafting, [...path, old], message);
  }
  const { http, bearer, basic, headers } = convertHttp(entry, drafting);
  if (bearer !== undefined || basic !== undefined || Object.keys(headers).length > 0) {
    return refuse(drafting, [...path, 'http_config'], 'the connector pagerduty sends no headers of your own');
  }
  const url = textOf(settings, 'url');
  const given = Object.fromEntries(
    [...Object.keys(TEMPLATES), ...MORE]
      .filter((key) => settings[key] !== undefined)
      .map((key) => [key, settings[key]]),
  );
  return {
    integration: withGiven({
      connector: 'pagerduty',
      config: withGiven({
        routing_key: secretOrFile(drafting, settings, 'routing_key'),
        url: url === '' || url === GLOBAL_DEFAULTS.pagerduty_url ? undefined : url,
      }),
      timeout: timeoutOf(settings['timeout']),
      http,
    }),
    templates: { ...TEMPLATES, ...given, details: { ...DETAILS, ...sectionOf(settings, 'details') } },
    dropped: [],
  };
}
