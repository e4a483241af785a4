import { defineConnector } from '@signalbox/sdk';
import { config } from './config.ts';
import { source } from './source.ts';

export default defineConnector({
  id: 'grafana',
  title: 'Grafana',
  summary:
    'Takes the alerts that Grafana sends to a webhook contact point, and those of the older legacy alerting.',
  version: '1.0.0',
  vendorVersions: 'Grafana 8 to 13 (unified alerting), 4 to 10 (legacy alerting)',
  config,
  source,
});
