import type { FastifyInstance } from 'fastify';
import type { TSchema } from 'typebox';
import { describeRoutes } from './openapi.ts';
import { problemSchema } from './problem.ts';
import { alertActionRoutes } from './resources/alert-actions.ts';
import { alertBulkRoutes } from './resources/alert-bulk.ts';
import { alertRoutes } from './resources/alerts.ts';
import { analyticsRoutes } from './resources/analytics.ts';
import { classificationDirectoryRoutes } from './resources/classification-directory.ts';
import { configRoutes } from './resources/config.ts';
import { connectorRoutes } from './resources/connectors.ts';
import { costRoutes } from './resources/costs.ts';
import { deadLetterRoutes } from './resources/dead-letters.ts';
import { deliveryRoutes } from './resources/deliveries.ts';
import { explainRoutes } from './resources/explain.ts';
import { groupRoutes } from './resources/groups.ts';
import { healthRoutes } from './resources/health.ts';
import { incidentRoutes } from './resources/incidents.ts';
import { integrationCallRoutes } from './resources/integration-calls.ts';
import { integrationRoutes } from './resources/integrations.ts';
import { namespaceLimitRoutes } from './resources/namespace-limits.ts';
import { namespaceRoutes } from './resources/namespaces.ts';
import { notificationRoutes } from './resources/notifications.ts';
import { openApiDocumentRoutes } from './resources/openapi-document.ts';
import { quarantineRoutes } from './resources/quarantine.ts';
import { receiptRoutes } from './resources/receipts.ts';
import { approvalRoutes } from './resources/approvals.ts';
import { workflowRunRoutes } from './resources/workflow-runs.ts';
import { silenceRoutes } from './resources/silences.ts';
import { ruleRoutes } from './resources/rules.ts';
import { scoringRoutes } from './resources/scoring.ts';
import { simulationRoutes } from './resources/simulations.ts';
import { statusRoutes } from './resources/status.ts';
import { streamRoutes } from './resources/stream.ts';
import type { Services } from './services.ts';
import { alertDetailSchema, alertSchema, decisionSchema } from './views/present-alert.ts';
import { changeSchema, streamMessageSchema } from './views/present-change.ts';
import { brokenConnectorSchema, connectorSchema } from './views/present-connector.ts';
import { costsSchema } from './views/present-costs.ts';
import { approvalSchema } from './views/present-approval.ts';
import { workflowRunSchema } from './views/present-workflow-run.ts';
import { deadLetterSchema } from './views/present-dead-letter.ts';
import {
  attemptSchema,
  deliveryDetailSchema,
  deliverySchema,
  faultSchema,
} from './views/present-delivery.ts';
import { directoryCheckSchema } from './views/present-directory.ts';
import { explanationSchema } from './views/present-explanation.ts';
import { assessmentSchema } from './views/present-assessment.ts';
import { factsSchema, suppressionSchema } from './views/present-facts.ts';
import { groupSchema } from './views/present-group.ts';
import {
  INCIDENT_PARTS,
  incidentAlertSchema,
  incidentDetailSchema,
  incidentSchema,
} from './views/present-incident.ts';
import { callResultSchema, integrationHealthSchema, integrationSchema } from './views/present-integration.ts';
import { lifecycleSchema } from './views/present-lifecycle.ts';
import { limitCheckSchema, namespaceLimitsSchema } from './views/present-limits.ts';
import { modelSchema } from './views/present-model.ts';
import { namespaceEntrySchema, namespaceSchema } from './views/present-namespace.ts';
import { notificationDetailSchema, notificationSchema } from './views/present-notification.ts';
import { quarantinedDetailSchema, quarantinedSchema } from './views/present-quarantine.ts';
import { receiptSchema } from './views/present-receipt.ts';
import { silencePreviewSchema, silenceSchema } from './views/present-silence.ts';
import { ruleCountSchema, ruleSchema } from './views/present-rule.ts';
import { simulationSchema } from './views/present-simulation.ts';
import { statusSchema } from './views/present-status.ts';
import { alertmanagerRoutes } from './v2/register.ts';

const NAMED_SCHEMAS: readonly TSchema[] = [
  problemSchema,
  receiptSchema,
  assessmentSchema,
  factsSchema,
  suppressionSchema,
  lifecycleSchema,
  alertSchema,
  alertDetailSchema,
  explanationSchema,
  decisionSchema,
  modelSchema,
  costsSchema,
  groupSchema,
  incidentSchema,
  incidentDetailSchema,
  incidentAlertSchema,
  ...INCIDENT_PARTS,
  approvalSchema,
  workflowRunSchema,
  silenceSchema,
  silencePreviewSchema,
  namespaceSchema,
  namespaceEntrySchema,
  namespaceLimitsSchema,
  limitCheckSchema,
  directoryCheckSchema,
  notificationSchema,
  notificationDetailSchema,
  deliverySchema,
  deliveryDetailSchema,
  attemptSchema,
  faultSchema,
  deadLetterSchema,
  quarantinedSchema,
  quarantinedDetailSchema,
  integrationSchema,
  integrationHealthSchema,
  callResultSchema,
  connectorSchema,
  brokenConnectorSchema,
  ruleSchema,
  ruleCountSchema,
  simulationSchema,
  statusSchema,
  changeSchema,
  streamMessageSchema,
];

/** The whole API, in the order in which it is described. */
export async function registerRoutes(
  app: FastifyInstance,
  services: Services,
  newId: () => string,
): Promise<void> {
  await describeRoutes(app, services.version);
  for (const schema of NAMED_SCHEMAS) app.addSchema(schema);
  const resources = [
    receiptRoutes(services),
    alertRoutes(services),
    explainRoutes(services),
    alertActionRoutes(services, newId),
    alertBulkRoutes(services, newId),
    scoringRoutes(services),
    costRoutes(services),
    groupRoutes(services),
    incidentRoutes(services, newId),
    silenceRoutes(services),
    namespaceRoutes(services),
    namespaceLimitRoutes(services),
    classificationDirectoryRoutes(services),
    approvalRoutes(services),
    workflowRunRoutes(services),
    notificationRoutes(services),
    deliveryRoutes(services),
    deadLetterRoutes(services),
    quarantineRoutes(services),
    integrationRoutes(services),
    integrationCallRoutes(services, newId),
    connectorRoutes(services),
    configRoutes(services),
    ruleRoutes(services),
    analyticsRoutes(services),
    simulationRoutes(services),
    statusRoutes(services),
    streamRoutes(),
  ];
  for (const resource of resources) await app.register(resource, { prefix: '/api/v1' });
  await app.register(alertmanagerRoutes(services), { prefix: '/api/v2' });
  await app.register(openApiDocumentRoutes());
  await app.register(healthRoutes(services, 'api'));
}
