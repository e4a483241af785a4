import type { AnalysisTask } from '../model/analysis-settings.ts';
import type { IntegrationSettings, Settings } from '../model/settings.ts';
import type { Configs } from './check-connectors.ts';
import { checkEndpoints, warnInsecureUrls } from './check-exposure.ts';
import { checkCapabilities, checkReferences, warnUnused } from './check-references.ts';
import { parseDuration } from './quantity.ts';
import type { Report } from './report.ts';
import { resolveAnalysis } from './resolve-analysis.ts';
import { announcementRoutes } from './resolve-announcements.ts';
import { resolveApprovals } from './resolve-approvals.ts';
import { resolveClassification } from './resolve-classification.ts';
import { resolveDirectory } from './resolve-directory.ts';
import { resolveEnrichment } from './resolve-enrichment.ts';
import { resolveCorrelation } from './resolve-correlation.ts';
import { resolveIntegration } from './resolve-integration.ts';
import { resolveNormalise } from './resolve-normalise.ts';
import { resolvePriority } from './resolve-priority.ts';
import { resolveScoring } from './resolve-scoring.ts';
import { resolveIntervals, warnUnusedIntervals } from './resolve-intervals.ts';
import { listNames } from './list-names.ts';
import { listPlaces } from './list-places.ts';
import { resolveLifecycle } from './resolve-lifecycle.ts';
import { resolveLimits } from './resolve-limits.ts';
import { resolveRoutes } from './resolve-route.ts';
import { resolveRules } from './resolve-rules.ts';
import { checkRoles, resolveServer, resolveStorage, resolveWatchdog } from './resolve-server.ts';
import { resolveInhibitRules, resolveMaintenanceWindows } from './resolve-suppression.ts';
import { resolveTemplates, withTemplates } from './resolve-templates.ts';
import { resolveWorkflows } from './resolve-workflows.ts';
import { warnRenamed } from './read-renames.ts';
import { revisionOf } from './revision.ts';
import { OWNER_LABELS } from './schema-classification.ts';
import type { Written } from './schema.ts';
import { isMap, valueAt } from './tree.ts';

/** All that the revision is of. */
type Draft = Omit<Settings, 'revision' | 'places' | 'names'>;

/** The settings of what was written. They may be used only when the report holds no error. */
export async function resolveSettings(
  written: Written,
  { kinds, configs, leftOut }: Configs,
  report: Report,
): Promise<Settings> {
  const templates = await resolveTemplates(written.templates, report);
  const integrations: Record<string, IntegrationSettings> = {};
  for (const [id, integration] of Object.entries(written.integrations)) {
    const connector = kinds.get(id);
    if (!connector) continue;
    const resolved = await resolveIntegration(id, integration, connector, configs.get(id)!, report);
    integrations[id] = withTemplates(resolved, connector, templates);
  }
  const names = valueAt(report.tree.value, '/receivers');
  const normalise = await resolveNormalise(written.normalise, Object.keys(integrations), report);
  const classification = await resolveClassification(
    written.classification,
    written.directory?.aliases ?? {},
    report,
  );
  const priority = await resolvePriority(written.priority, report);
  const namespaceLimits = resolveLimits(
    written.namespace_limits,
    { ...(classification ? { classification } : {}), ...(priority ? { priority } : {}) },
    report,
  );
  const directory = resolveDirectory(written.directory, kinds, report);
  const scoring = resolveScoring(written.scoring, report);
  const draft: Draft = {
    server: await resolveServer(written.server, report),
    storage: resolveStorage(written, report),
    log: written.log,
    integrations,
    receivers: Object.fromEntries(
      Object.entries(written.receivers).map(([receiver, entries]) => [
        receiver,
        entries.map((entry) => ({ integration: entry.integration, sendResolved: entry.send_resolved })),
      ]),
    ),
    route: resolveRoutes(
      written.routes,
      Object.keys(isMap(names) ? names : {}),
      Object.keys(written.time_intervals),
      report,
      announcementRoutes(written, report),
    ),
    timeIntervals: resolveIntervals(written.time_intervals, report),
    ...(priority === undefined ? {} : { priority }),
    ...(scoring === undefined ? {} : { scoring }),
    inhibitRules: resolveInhibitRules(written.inhibit_rules, report),
    maintenanceWindows: await resolveMaintenanceWindows(written.maintenance_windows, report),
    silences: {
      expiryNoticeMs: parseDuration(written.silences.expiry_notice)!,
      confirmAbove: written.silences.confirm_above,
    },
    ...resolveCorrelation(written, report),
    watchdog: resolveWatchdog(written.watchdog),
    ...(normalise === undefined ? {} : { normalise }),
    ...(classification === undefined ? {} : { classification }),
    ...(namespaceLimits === undefined ? {} : { namespaceLimits }),
    ...(directory === undefined ? {} : { directory }),
    rules: resolveRules(written.rules, kinds, report),
    enrichment: resolveEnrichment(written, kinds, report),
    enrichmentBudgetMs: parseDuration(written.enrichment_budget)!,
    analysis: resolveAnalysis(written, kinds, report),
    lifecycle: resolveLifecycle(written.lifecycle, report),
    workflows: resolveWorkflows(written, kinds, report),
    ...(written.approvals
      ? { approvals: resolveApprovals(written.approvals, [...kinds.keys()], report) }
      : {}),
  };
  const patient = withPatience(draft);
  const places = listPlaces(patient, report.tree);
  const named = [...listNames(report.tree, classification?.ownerLabels ?? OWNER_LABELS), ...report.names];
  warnRenamed(named, report);
  const settings = withoutIntegrations(
    { revision: revisionOf(patient), ...patient, places, names: named },
    leftOut,
  );
  const used = checkReferences(written, kinds, report);
  checkCapabilities(kinds, report);
  checkRoles(settings.server, settings.storage, report);
  checkEndpoints(settings, report);
  warnUnused(written, settings, kinds, used, report);
  warnInsecureUrls(settings, report);
  warnUnusedIntervals(settings, report);
  return settings;
}

/** A machine may think longer than a message may take: its connections are silent for as long as it is waited for. */
function withPatience(draft: Draft): Draft {
  const integrations = { ...draft.integrations };
  for (const { integration: id, timeoutMs } of Object.values(draft.analysis) as AnalysisTask[]) {
    const integration = integrations[id];
    if (!integration || integration.delivery.timeoutMs >= timeoutMs) continue;
    integrations[id] = { ...integration, delivery: { ...integration.delivery, timeoutMs } };
  }
  return { ...draft, integrations };
}

/** The rest runs without the integrations whose connector is broken (design §4). */
function withoutIntegrations(settings: Settings, leftOut: ReadonlySet<string>): Settings {
  if (leftOut.size === 0) return settings;
  const { lastResort, ...watchdog } = settings.watchdog;
  return {
    ...settings,
    integrations: Object.fromEntries(
      Object.entries(settings.integrations).map(([id, integration]) => {
        const fallback = integration.delivery.fallback.filter((other) => !leftOut.has(other));
        return [id, { ...integration, delivery: { ...integration.delivery, fallback } }];
      }),
    ),
    receivers: Object.fromEntries(
      Object.entries(settings.receivers).map(([receiver, entries]) => [
        receiver,
        entries.filter((entry) => !leftOut.has(entry.integration)),
      ]),
    ),
    watchdog: lastResort === undefined || leftOut.has(lastResort) ? watchdog : { ...watchdog, lastResort },
    analysis: Object.fromEntries(
      Object.entries(settings.analysis).filter(([, { integration }]) => !leftOut.has(integration)),
    ),
    workflows: settings.workflows.filter(({ integration }) => !leftOut.has(integration)),
    enrichment: settings.enrichment.filter(
      ({ source }) => source.kind !== 'integration' || !leftOut.has(source.integration),
    ),
  };
}
