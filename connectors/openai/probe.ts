import type { Context } from '@signalbox/sdk';
import type { OpenaiConfig } from './config.ts';
import { headersOf } from './headers.ts';

/** Lists the models, which costs nothing and needs the key. A gateway that has no such list is reached all the same. */
export async function probe({ http, config }: Context<OpenaiConfig>): Promise<void> {
  await http.request({
    method: 'GET',
    url: `${config.base_url.replace(/\/$/, '')}/models`,
    headers: headersOf(config),
    accept: [404, 405],
  });
}
