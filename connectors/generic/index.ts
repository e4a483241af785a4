import { defineConnector } from '@signalbox/sdk';
import { config } from './config.ts';
import { compiledOf, source } from './source.ts';

export default defineConnector({
  id: 'generic',
  title: 'Any webhook',
  summary:
    'Takes JSON, XML, YAML or form data of any shape and maps it to alerts by expressions of your own.',
  version: '1.0.0',
  config,
  source,
  // There is nobody to reach; what can be wrong is an expression of the configuration.
  probe: async ({ config: settings }) => void compiledOf(settings),
});
