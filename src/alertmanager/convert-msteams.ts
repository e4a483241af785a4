import type { AlertmanagerSettings, ReceiverConfig } from './config.ts';
import { convertHttp } from './convert-http.ts';
import { refuse, secretOrFile, withGiven, type DraftedIntegration, type Drafting } from './drafting.ts';

/** What a card is made of where nothing else is said, by kind. */
const TEMPLATES: Readonly<Record<string, AlertmanagerSettings>> = {
  msteams: {
    title: '{{ template "msteams.default.title" . }}',
    summary: '{{ template "msteams.default.summary" . }}',
    text: '{{ template "msteams.default.text" . }}',
  },
  msteamsv2: {
    title: '{{ template "msteamsv2.default.title" . }}',
    text: '{{ template "msteamsv2.default.text" . }}',
  },
};

/** `msteamsv2_configs`, and `msteams_configs` in the older form of cards → the connector `msteams`. */
export function convertMsteams(entry: ReceiverConfig, drafting: Drafting): DraftedIntegration | undefined {
  const { settings, path, kind } = entry;
  if (settings['webhook_url'] === '<secret>') {
    return refuse(drafting, [...path, 'webhook_url'], 'the address was taken out of this file');
  }
  const { http, bearer, basic, headers } = convertHttp(entry, drafting);
  if (bearer !== undefined || basic !== undefined || Object.keys(headers).length > 0) {
    return refuse(drafting, [...path, 'http_config'], 'the connector msteams sends no headers of your own');
  }
  const standard = TEMPLATES[kind]!;
  const given = Object.entries(standard).map(([name, template]) => [name, settings[name] ?? template]);
  return {
    integration: withGiven({
      connector: 'msteams',
      config: withGiven({
        webhook_url: secretOrFile(drafting, settings, 'webhook_url'),
        format: kind === 'msteams' ? 'message_card' : undefined,
      }),
      http,
    }),
    templates: Object.fromEntries(given) as AlertmanagerSettings,
    dropped: [],
  };
}
