import { defineConnector } from '@signalbox/sdk';
import { clusters } from './cluster-memory.ts';
import { config } from './config.ts';
import { enricher } from './enricher.ts';
import { probe } from './probe.ts';
import { run } from './run.ts';

export default defineConnector({
  id: 'kubernetes',
  title: 'Kubernetes',
  summary:
    'Tells what an alert is about: pod, owners, node, events, rollout and namespace, from a watched copy.',
  version: '1.0.0',
  vendorVersions: 'Kubernetes ≥ 1.21',
  config,
  enricher,
  run,
  probe,
  close: (own) => Promise.resolve(clusters.forget(own)),
});
