import type { ReceiverConfig } from './config.ts';
import { convertHttp } from './convert-http.ts';
import { refuse, secretOrFile, withGiven, type DraftedIntegration, type Drafting } from './drafting.ts';
import { textOf } from './settings.ts';

/** `discord_configs` → the connector `discord`. */
export function convertDiscord(entry: ReceiverConfig, drafting: Drafting): DraftedIntegration | undefined {
  const { settings, path } = entry;
  if (settings['webhook_url'] === '<secret>') {
    return refuse(drafting, [...path, 'webhook_url'], 'the address was taken out of this file');
  }
  const { http, bearer, basic, headers } = convertHttp(entry, drafting);
  if (bearer !== undefined || basic !== undefined || Object.keys(headers).length > 0) {
    return refuse(drafting, [...path, 'http_config'], 'the connector discord sends no headers of your own');
  }
  return {
    integration: withGiven({
      connector: 'discord',
      config: withGiven({
        webhook_url: secretOrFile(drafting, settings, 'webhook_url'),
        username: textOf(settings, 'username') || undefined,
        avatar_url: textOf(settings, 'avatar_url') || undefined,
      }),
      http,
    }),
    templates: {
      ...(settings['content'] === undefined ? {} : { content: settings['content'] }),
      title: settings['title'] ?? '{{ template "discord.default.title" . }}',
      message: settings['message'] ?? '{{ template "discord.default.message" . }}',
    },
    dropped: [],
  };
}
