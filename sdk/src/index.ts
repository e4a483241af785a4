// The one public face of the SDK; connectors import nothing else of Signalbox.
export { ALERT_EVENT, type AlertData, type AlertStatus, type Event } from './event.ts';
export type {
  NotificationReason,
  NotifiedAlert,
  NotifiedAssessment,
  Notification,
  Priority,
  Receipt,
  WorkflowRequest,
  WorkflowTrigger,
} from './notification.ts';
export { Fault, FAULT_CODES, isFault, isTransient, type FaultCode, type FaultDetails } from './fault.ts';
export { secret, SECRET } from './config.ts';
export type { HttpClient, HttpRequest, HttpResponse, LineReader, RequestTls } from './http.ts';
export { runProgram, type Program, type ProgramResult } from './program.ts';
export {
  createHttpClient,
  type HttpClientOptions,
  type HttpConnections,
  type HttpResult,
  type ReadRetry,
} from './http-client.ts';
export type { HttpCall } from './http-wire.ts';
export type { Reach } from './http-reach.ts';
export {
  admit,
  CLOSED,
  createBreaker,
  settle,
  type Admission,
  type Breaker,
  type BreakerOutcome,
  type BreakerSettings,
  type BreakerState,
} from './breaker.ts';
export { createRateLimit, type Rate } from './rate-limit.ts';
export { createRedactor, redactConfig, REDACTED, redactText, secretValues } from './redact.ts';
export { closedSchema, validateConfig, type ConfigProblem, type ValidatedConfig } from './validate-config.ts';
export { configTable, listFields, type FieldDoc } from './config-table.ts';
export {
  defineConnector,
  type Connector,
  type Notifier,
  type Rendered,
  type Source,
  type SourceRequest,
} from './connector.ts';
export type { Context, DeliverContext, KeyValue, Limits, Logger } from './context.ts';
export type { AlertSnapshot, Enricher } from './enricher.ts';
export {
  DIRECTORY_KINDS,
  type Directory,
  type DirectoryEntry,
  type DirectoryKind,
  type DirectoryPage,
} from './directory.ts';
export { compileAlertTemplate, type AlertTemplate, type AlertTemplateOptions } from './alert-template.ts';
export type { Emit, NamespaceStatement } from './namespace.ts';
export type { Filter, Verdict } from './filter.ts';
export type { AnalysisSubject, Analyst, Assessment, ExternalScore, Scorer } from './analyst.ts';
export type { Workflow, WorkflowStart, WorkflowStarted, WorkflowStatus } from './workflow.ts';
export { createMemory, type Memory } from './memory.ts';
export { Type } from './schema.ts';
export type { Static, TObject } from 'typebox';
export { cleanLine, cleanText, escapeHtml, shorten } from './text.ts';
export {
  compileTemplate,
  RENDERED_MAX_CHARACTERS,
  TEMPLATE_MAX_CHARACTERS,
  TEMPLATE_MEDIA_TYPE,
  templateNote,
  type Rendering,
  type Template,
  type TemplateOptions,
} from './template.ts';
export {
  createGoTemplates,
  GO_RENDERED_MAX_CHARACTERS,
  GO_TEMPLATE_MAX_CHARACTERS,
  type GoTemplate,
  type GoTemplateOptions,
  type GoTemplates,
  type TemplateFile,
} from './go-template/template-set.ts';
export {
  composeGo,
  GO_TEMPLATE_MEDIA_TYPE,
  type GoComposition,
  type GoRenderer,
} from './go-template/compose.ts';
export { alertmanagerMessage, renderRouteLabels } from './go-template/alertmanager-message.ts';
export { inAlertmanagerOrder } from './go-template/alert-order.ts';
export { goDefinitions, goTemplate } from './go-template/schema.ts';
export {
  descriptionOf,
  durationText,
  labelsOf,
  lateText,
  leftOutText,
  linksOf,
  lookOf,
  nameOf,
  severityOf,
  summaryOf,
  timesOf,
  titleOf,
  webAddress,
  worstSeverity,
  type Link,
  type Look,
  type Severity,
} from './summary.ts';
export { wordingOf, type AlertWording, type Wording, type WordingOptions } from './wording.ts';
export { fitAlerts, fitting } from './fit.ts';
export { askedOf, changesOf, contextLinesOf, explainLink, knownOf, newsOf, procedureLink } from './known.ts';
export {
  compileExpression,
  EXPRESSION_MAX_CHARS,
  EXPRESSION_STEPS,
  isMissingField,
  type Budget,
  type Expression,
  type ExpressionOptions,
  type VariableType,
} from './expression.ts';
export type { Demand, FieldPath, Outline, TextTest } from './expression-outline.ts';
export {
  compileField,
  compileMapping,
  evaluateField,
  EXPRESSION_MEDIA_TYPE,
  finishAlert,
  mappingFields,
  statusOf,
  type AlertDraft,
  type Mapping,
  type MappingConfig,
} from './mapping.ts';
export {
  readLink,
  readList,
  readObject,
  readOptionalText,
  readText,
  readTexts,
  readTime,
  wrongShape,
} from './payload.ts';
export { utcTime } from './time.ts';
export { formatXml } from './format-xml.ts';
export { formatYaml } from './format-yaml.ts';
