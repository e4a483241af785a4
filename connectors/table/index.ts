import { defineConnector } from '@signalbox/sdk';
import { config } from './config.ts';
import { enricher } from './enricher.ts';
import { forgetTable, watchTable } from './kept-table.ts';
import { versionOf } from './read-table.ts';

export default defineConnector({
  id: 'table',
  title: 'Table',
  summary: 'Looks alerts up in a CSV, JSON or YAML file, which is read again when it changes.',
  version: '1.0.0',
  vendorVersions: 'CSV (RFC 4180), JSON (RFC 8259), YAML 1.2',
  config,
  enricher,
  run: watchTable,
  async probe({ config: own }) {
    await versionOf(own);
  },
  close: (own) => Promise.resolve(forgetTable(own)),
});
