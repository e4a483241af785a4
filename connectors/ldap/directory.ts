import { Fault, type Directory } from '@signalbox/sdk';
import type { LdapConfig } from './config.ts';
import { readEntry, wantedOf } from './read-entry.ts';
import { withClient } from './with-client.ts';

/**
 * One page is one search: its cookie belongs to the connection (RFC 2696), so that a page of the protocol can’t be asked for later. The server
 * sends it in parts of `page_size`.
 */
export const directory: Directory<LdapConfig> = {
  async list(cursor, context) {
    const { searches, page_size: pageSize } = context.config;
    const index = /^[0-9]{1,2}$/.test(cursor ?? '') ? Number(cursor) : 0;
    const search = searches[index];
    if (!search) return { entries: [] };
    const { base, filter, scope } = search;
    await checkFilter(filter, index);
    const { attributes, explicitBufferAttributes } = wantedOf(search);
    const found = await withClient(context, (client) =>
      client.search(base, { filter, scope, attributes, explicitBufferAttributes, paged: { pageSize } }),
    );
    const entries = found.searchEntries.flatMap((entry) => readEntry(entry, search) ?? []);
    return { entries, ...(index + 1 < searches.length ? { next: String(index + 1) } : {}) };
  },
};

/** Before anybody is contacted: it is a mistake of the configuration. */
async function checkFilter(filter: string, index: number): Promise<void> {
  const { FilterParser } = await import('ldapts');
  try {
    FilterParser.parseString(filter);
  } catch (cause) {
    const field = `config.searches[${index}].filter`;
    throw new Fault('SB_CONFIG', 'this filter can’t be read; see RFC 4515', { field, cause });
  }
}
