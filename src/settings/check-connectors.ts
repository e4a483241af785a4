import { closedSchema, type Connector } from '@signalbox/sdk';
import type { Kinds } from './check-references.ts';
import { checkLanguages } from './check-languages.ts';
import { checkSchema } from './check-schema.ts';
import type { Report } from './report.ts';
import { didYouMean } from './suggest.ts';
import { isMap, pointerOf, valueAt } from './tree.ts';

export interface Configs {
  readonly kinds: Kinds;
  readonly configs: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  /** Integrations of connectors that could not be loaded. */
  readonly leftOut: ReadonlySet<string>;
}

/** The connector of each integration, and its configuration checked against the connector's schema. */
export function checkConnectors(
  options: { readonly connectors: readonly Connector[]; readonly brokenConnectors?: readonly string[] },
  report: Report,
): Configs {
  const known = new Map(options.connectors.map((connector) => [connector.id, connector]));
  const kinds = new Map<string, Connector | undefined>();
  const configs = new Map<string, Readonly<Record<string, unknown>>>();
  const leftOut = new Set<string>();
  const integrations = valueAt(report.tree.value, '/integrations');
  for (const [id, raw] of Object.entries(isMap(integrations) ? integrations : {})) {
    const name = isMap(raw) && typeof raw.connector === 'string' ? raw.connector : undefined;
    const connector = name === undefined ? undefined : known.get(name);
    kinds.set(id, connector);
    if (name === undefined || !isMap(raw)) continue;
    const path = ['integrations', id, 'connector'];
    if (connector) {
      const at = pointerOf(['integrations', id, 'config']);
      const written = raw.config ?? {};
      const checked = isMap(written) ? checkSchema(schemaOf(connector), written, report.tree, at) : undefined;
      for (const finding of checked?.findings ?? []) report.add(finding);
      if (checked?.findings.length === 0) {
        checkLanguages(connector.config, checked.value, ['integrations', id, 'config'], report);
      }
      configs.set(id, (checked?.value ?? {}) as Readonly<Record<string, unknown>>);
    } else if (options.brokenConnectors?.length) {
      leftOut.add(id);
      const message = `there is no connector ${report.quote(path, name)}, and some could not be loaded: this integration is left out`;
      report.warn(path, { code: 'connector_broken', message });
    } else {
      const message = `there is no connector ${report.quote(path, name)}`;
      const hint =
        didYouMean(name, [...known.keys()]) ?? `known connectors: ${[...known.keys()].sort().join(', ')}`;
      report.error(path, { code: 'missing_reference', message, hint });
    }
  }
  return { kinds, configs, leftOut };
}

const closed = new WeakMap<Connector, Connector['config']>();

/** Made once for each connector, because what is compiled is kept by the schema. */
function schemaOf(connector: Connector): Connector['config'] {
  return closed.getOrInsertComputed(connector, () => closedSchema(connector.config));
}
