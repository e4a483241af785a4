import { defineConnector } from '@signalbox/sdk';
import { config } from './config.ts';
import { workflow } from './workflow.ts';

export default defineConnector({
  id: 'workflow-http',
  title: 'Workflow engine over HTTP',
  summary: 'Starts runs in any workflow engine with an HTTP API, and asks how they go on.',
  version: '1.0.0',
  vendorVersions:
    'HTTP/1.1 with JSON (RFC 8259); worked examples for Argo Workflows, Kestra, StackStorm and Kubernaut',
  config,
  workflow,
});
