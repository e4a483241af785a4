import type { EnrichmentSettings } from '../model/settings.ts';
import type { Kinds } from './check-references.ts';
import { parseDuration } from './quantity.ts';
import type { Report } from './report.ts';
import { readCondition } from './resolve-condition.ts';
import type { Written } from './schema.ts';
import { didYouMean } from './suggest.ts';
import type { PathPart } from './tree.ts';

type WrittenEnrichment = Written['enrichment'][number];
type Path = readonly PathPart[];

const TIMEOUT_MS = 2_000;

/** The enrichments in their order; problems go to the report. */
export function resolveEnrichment(
  written: Written,
  kinds: Kinds,
  report: Report,
): readonly EnrichmentSettings[] {
  const budgetMs = parseDuration(written.enrichment_budget)!;
  const ids = new Set<string>();
  const names = new Set<string>();
  return written.enrichment.flatMap((entry, index) => {
    const path: Path = ['enrichment', index];
    const as = entry.as ?? entry.id;
    if (ids.has(entry.id)) refuseRepeat('id', entry.id, [...path, 'id'], report);
    else if (names.has(as)) refuseRepeat('name', as, [...path, entry.as === undefined ? 'id' : 'as'], report);
    ids.add(entry.id);
    names.add(as);
    const timeoutMs =
      entry.timeout === undefined ? Math.min(TIMEOUT_MS, budgetMs) : parseDuration(entry.timeout)!;
    if (timeoutMs > budgetMs) {
      const message = `longer than enrichment_budget, which is ${written.enrichment_budget}: nobody waits so long`;
      report.error([...path, 'timeout'], { code: 'wrong_value', message });
    }
    const { text, condition } = readCondition(entry, path, report);
    if (condition?.isNever) warnNever(entry, path, report);
    const source = readSource(entry, path, kinds, report);
    if (!source) return [];
    return [
      {
        id: entry.id,
        source,
        ...text,
        ttlMs: parseDuration(entry.ttl)!,
        timeoutMs,
        as,
      },
    ];
  });
}

function refuseRepeat(what: string, name: string, at: Path, report: Report): void {
  const message = `another enrichment has the ${what} ${report.quote(at, name)}`;
  report.error(at, { code: 'wrong_value', message });
}

function warnNever({ when }: WrittenEnrichment, path: Path, report: Report): void {
  const message = 'this enrichment is for no alert: its condition contradicts itself';
  report.warn([...path, when === undefined ? 'matchers' : 'when'], { code: 'rule_never_matches', message });
}

function readSource(
  { integration, builtin }: WrittenEnrichment,
  path: Path,
  kinds: Kinds,
  report: Report,
): EnrichmentSettings['source'] | undefined {
  if ((integration === undefined) === (builtin === undefined)) {
    const message = 'expected either "integration" or "builtin"';
    report.error(path, { code: 'wrong_value', message });
    return undefined;
  }
  if (integration === undefined) return { kind: 'history' };
  const at = [...path, 'integration'];
  const connector = kinds.get(integration);
  if (!kinds.has(integration)) {
    const message = `there is no integration ${report.quote(at, integration)}`;
    report.error(at, {
      code: 'missing_reference',
      message,
      hint: didYouMean(integration, [...kinds.keys()]),
    });
  } else if (connector && !connector.enricher) {
    const message = `the integration ${report.quote(at, integration)} can’t enrich: the connector ${connector.id} is no enricher`;
    report.error(at, { code: 'no_enricher', message });
  }
  return { kind: 'integration', integration };
}
