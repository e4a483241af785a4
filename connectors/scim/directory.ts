import { Fault, isFault, type Directory, type DirectoryPage } from '@signalbox/sdk';
import { askPage, type Endpoint } from './ask.ts';
import type { ScimConfig } from './config.ts';
import { readPage } from './read-page.ts';

const CURSOR = /^(Users|Groups):([1-9][0-9]{0,8})$/;

export const directory: Directory<ScimConfig> = {
  async list(cursor, context): Promise<DirectoryPage> {
    const { config } = context;
    const endpoints: readonly Endpoint[] = [
      ...(config.teams ? (['Groups'] as const) : []),
      ...(config.people ? (['Users'] as const) : []),
    ];
    const [first] = endpoints;
    if (first === undefined) return { entries: [] };
    const [, endpoint = first, from = '1'] = CURSOR.exec(cursor ?? '') ?? [];
    const startIndex = Number(from);
    const body = await askPage(context, endpoint as Endpoint, startIndex, config.page_size);
    const { entries, found, total } = understood(() => readPage(body, endpoint as Endpoint, config));
    // An empty page ends a list that says it were longer, so that nobody asks for ever.
    const isLast = found === 0 || startIndex + found > total;
    const following = isLast ? endpoints[endpoints.indexOf(endpoint as Endpoint) + 1] : endpoint;
    const next = isLast ? 1 : startIndex + found;
    return { entries, ...(following === undefined ? {} : { next: `${following}:${next}` }) };
  },
};

/** What has another shape is no answer of SCIM, most likely a portal's; it may be one the next time. */
function understood<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!isFault(error) || error.code !== 'SB_REJECTED') throw error;
    throw new Fault('SB_UNAVAILABLE', `the answer is no list of SCIM: ${error.message}`);
  }
}
