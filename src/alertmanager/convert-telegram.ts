import type { ReceiverConfig } from './config.ts';
import { convertHttp } from './convert-http.ts';
import { file, refuse, secretOrFile, withGiven, type DraftedIntegration, type Drafting } from './drafting.ts';
import { GLOBAL_DEFAULTS } from './inherit-global.ts';
import { textOf } from './settings.ts';

/** `telegram_configs` → the connector `telegram`. */
export function convertTelegram(entry: ReceiverConfig, drafting: Drafting): DraftedIntegration | undefined {
  const { settings, path } = entry;
  const { http, bearer, basic, headers } = convertHttp(entry, drafting);
  if (bearer !== undefined || basic !== undefined || Object.keys(headers).length > 0) {
    return refuse(drafting, [...path, 'http_config'], 'the connector telegram sends no headers of your own');
  }
  const url = textOf(settings, 'api_url');
  const id = settings['chat_id'];
  const chat =
    typeof id === 'number' && id !== 0 ? `${id}` : file(drafting, textOf(settings, 'chat_id_file'));
  return {
    integration: withGiven({
      connector: 'telegram',
      config: withGiven({
        bot_token: secretOrFile(drafting, settings, 'bot_token'),
        chat_id: chat,
        message_thread_id: (settings['message_thread_id'] as number | undefined) || undefined,
        disable_notifications: settings['disable_notifications'] === true ? true : undefined,
        api_url: url === '' || url === GLOBAL_DEFAULTS.telegram_api_url ? undefined : url,
      }),
      http,
    }),
    templates: {
      message: settings['message'] ?? '{{ template "telegram.default.message" . }}',
      parse_mode: settings['parse_mode'] ?? 'HTML',
    },
    dropped: [],
  };
}
