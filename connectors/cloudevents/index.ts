import { defineConnector } from '@signalbox/sdk';
import { config } from './config.ts';
import { mappingOf, source } from './source.ts';

export default defineConnector({
  id: 'cloudevents',
  title: 'CloudEvents',
  summary: 'Takes CloudEvents over HTTP, one at a time or in batches, and the flat event JSON of VPA-NAP.',
  version: '1.0.0',
  vendorVersions: 'CloudEvents 1.0, HTTP protocol binding 1.0.2',
  config,
  source,
  // There is nobody to reach; what can be wrong is an expression of the configuration.
  probe: async ({ config: settings }) => void mappingOf(settings),
});
