import { defineConnector } from '@signalbox/sdk';
import { config } from './config.ts';
import { enricher, headersOf } from './enricher.ts';
import { readAnswer } from './read-answer.ts';

export default defineConnector({
  id: 'prometheus',
  title: 'Prometheus',
  summary: 'Asks Prometheus for metrics that belong to an alert.',
  version: '1.0.0',
  vendorVersions: 'Prometheus ≥ 2.0 and what speaks its HTTP API v1',
  config,
  enricher,
  async probe({ config: own, http }) {
    const url = `${own.url.replace(/\/$/, '')}/api/v1/query`;
    const answer = await http.request({
      method: 'GET',
      url,
      headers: headersOf(own),
      query: { query: 'vector(1)' },
    });
    readAnswer(answer.json(), 1);
  },
});
