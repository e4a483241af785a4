import { isFault } from '@signalbox/sdk';
import type { Labels } from '../model/matcher.ts';
import type { NormaliseSettings } from '../model/normalise-settings.ts';
import { FAILED } from '../model/prepared.ts';
import { checkEvent, compileSchemas, type CompiledSchema } from '../normalise/check-event.ts';
import { compileMappings, mapFields, type CompiledMapping } from '../normalise/map-fields.ts';
import { compileRelabel, relabel, type CompiledRelabel } from '../normalise/relabel.ts';
import { compileScales, mapSeverity, type CompiledScales } from '../normalise/severity.ts';
import { subjectOf, type Draft, type Stage } from './prepare-stage.ts';

const STAGE = 'normalise';
/** Changed labels that a decision names. */
const MAX_TOLD = 20;

/** Each as a stage of its own, so that one that fails leaves the others. */
export function normaliseStages(settings: NormaliseSettings): readonly Stage[] {
  const { schemas, mappings, relabel: steps, severities } = settings;
  const scales = compileScales(severities);
  return [
    ...(schemas.length > 0 ? [schemaStage(compileSchemas(schemas))] : []),
    ...compileMappings(mappings).map(mappingStage),
    ...(steps.length > 0 ? [relabelStage(compileRelabel(steps))] : []),
    ...(isEmpty(scales) ? [] : [severityStage(scales)]),
  ];
}

function isEmpty({ general, byIntegration }: CompiledScales): boolean {
  return general.words.size + general.ranges.length + byIntegration.size === 0;
}

function schemaStage(schemas: readonly CompiledSchema[]): Stage {
  return {
    name: STAGE,
    run(draft) {
      for (const schema of schemas) {
        const { id, integrations, onInvalid } = schema;
        if (integrations.length > 0 && !integrations.includes(draft.integration)) continue;
        const wrong = checkEvent(schema, draft.data);
        if (wrong === undefined) continue;
        draft.decisions.push({ stage: STAGE, rule: id, outcome: `does not fit the schema: ${wrong}` });
        const comment = 'the event does not fit its schema';
        if (onInvalid === 'hold') draft.hold ??= { reason: 'filtered', rule: id, comment };
      }
    },
  };
}

function mappingStage(mapping: CompiledMapping): Stage {
  return {
    name: STAGE,
    run(draft, now) {
      try {
        const mapped = mapFields(mapping, subjectOf(draft, now));
        if (!mapped) return;
        const annotations = { ...draft.data.annotations, ...mapped.annotations };
        change(draft, mapping.id, { ...draft.data.labels, ...mapped.labels }, annotations);
      } catch (error) {
        const outcome = FAILED + (isFault(error) ? error.message : String(error));
        draft.decisions.push({ stage: STAGE, rule: mapping.id, outcome });
      }
    },
  };
}

function relabelStage(steps: readonly CompiledRelabel[]): Stage {
  return {
    name: STAGE,
    run(draft) {
      const meta = { __integration__: draft.integration, __tenant__: draft.tenant };
      const { labels, droppedBy } = relabel(steps, draft.data.labels, meta);
      // Everybody relies on an alert having a name, also those who write templates.
      const { alertname } = draft.data.labels;
      const named = 'alertname' in labels || alertname === undefined ? labels : { ...labels, alertname };
      change(draft, 'relabel', named);
      if (droppedBy === undefined) return;
      const rule = `relabel-${droppedBy}`;
      const comment = `step ${droppedBy} of the relabelling drops it`;
      draft.decisions.push({ stage: STAGE, rule, outcome: `held: ${comment}` });
      draft.hold ??= { reason: 'filtered', rule, comment };
    },
  };
}

function severityStage(scales: CompiledScales): Stage {
  return {
    name: STAGE,
    run(draft) {
      const mapped = mapSeverity(scales, draft.data.labels, draft.integration);
      if (!mapped || draft.data.labels.severity === mapped.severity) return;
      const { severity, said } = mapped;
      draft.data = { ...draft.data, labels: { ...draft.data.labels, severity } };
      const outcome = `${JSON.stringify(said)} is ${severity}`;
      draft.decisions.push({ stage: STAGE, rule: 'severities', outcome });
    },
  };
}

/** Takes over what is new, and says which labels that are. */
function change(draft: Draft, rule: string, labels: Labels, annotations = draft.data.annotations): void {
  const before = draft.data.labels;
  if (labels === before && annotations === draft.data.annotations) return;
  const changed: string[] = [];
  for (const name in labels) if (labels[name] !== before[name]) changed.push(`${name}=${labels[name]}`);
  for (const name in before) if (!(name in labels)) changed.push(`${name} removed`);
  draft.data = { ...draft.data, labels, annotations };
  if (changed.length === 0) return;
  const more = changed.length > MAX_TOLD ? `, and ${changed.length - MAX_TOLD} more` : '';
  const outcome = `labels: ${changed.slice(0, MAX_TOLD).join(', ')}${more}`;
  draft.decisions.push({ stage: STAGE, rule, outcome });
}
