import { createRequire } from 'node:module';
import { isAbsolute, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Connector } from '@signalbox/sdk';
import type { Settings } from '../model/settings.ts';
import { registry } from './registry.generated.ts';

/** The connectors that could be loaded, and those that could not, with why. */
export interface LoadedConnectors {
  readonly connectors: ReadonlyMap<string, Connector>;
  readonly broken: readonly { readonly id: string; readonly reason: string }[];
}

export interface LoadOptions {
  /** Third parties' connectors: names of npm packages, or paths of modules relative to `folder` (`./my/connector.ts`). */
  readonly external?: readonly string[];
  /** The folder of the configuration file: external paths and packages are looked up from there. */
  readonly folder?: string;
  /** Loads only these of the built-in connectors; default all. */
  readonly only?: ReadonlySet<string>;
}

/** Only the built-in ones that these settings use: in a thread that calls them and lists none, the others cost memory that nobody uses. */
export function loadUsedConnectors(
  { integrations }: Pick<Settings, 'integrations'>,
  external: readonly string[],
): Promise<LoadedConnectors> {
  const only = new Set(Object.values(integrations).map(({ connector }) => connector));
  return loadConnectors({ external, only });
}

/** How one connector's module is loaded. */
export type Loader = () => Promise<{ readonly default: unknown }>;

/**
 * Loads the built-in connectors and those of third parties through the same door. One that fails is reported and left out,
 * the rest run (ADR4-027, design §4); an id that is taken stays with whoever had it first, the built-in ones before all.
 */
export async function loadConnectors(
  options: LoadOptions = {},
  builtIn: Readonly<Record<string, Loader>> = registry,
): Promise<LoadedConnectors> {
  const folder = options.folder ?? process.cwd();
  const own = Object.entries(builtIn).filter(([id]) => options.only?.has(id) ?? true);
  const foreign = (options.external ?? []).map((name): [string, Loader] => [
    name,
    () => importExternal(name, folder),
  ]);
  const loaded = await Promise.all([...own, ...foreign].map(([name, load]) => attempt(name, load)));

  const connectors = new Map<string, Connector>();
  const broken: { id: string; reason: string }[] = [];
  for (const { name, connector, reason } of loaded) {
    if (!connector) broken.push({ id: name, reason });
    else if (connectors.has(connector.id))
      broken.push({ id: name, reason: `the id ${connector.id} is taken` });
    else connectors.set(connector.id, connector);
  }
  return { connectors, broken };
}

type Attempt =
  | { readonly name: string; readonly connector: Connector; readonly reason?: undefined }
  | { readonly name: string; readonly connector?: undefined; readonly reason: string };

async function attempt(name: string, load: Loader): Promise<Attempt> {
  try {
    const { default: connector } = await load();
    const problem = findProblem(connector);
    return problem === undefined ? { name, connector: connector as Connector } : { name, reason: problem };
  } catch (error) {
    return { name, reason: error instanceof Error ? error.message : String(error) };
  }
}

function importExternal(name: string, folder: string): ReturnType<Loader> {
  if (name.startsWith('.') || isAbsolute(name)) {
    const path = isAbsolute(name) ? name : join(folder, name);
    return import(pathToFileURL(path).href) as ReturnType<Loader>;
  }
  const found = createRequire(join(folder, 'signalbox.yaml')).resolve(name);
  return import(pathToFileURL(found).href) as ReturnType<Loader>;
}

/** What keeps a module's default export from being a connector; undefined when nothing does. */
function findProblem(candidate: unknown): string | undefined {
  if (typeof candidate !== 'object' || candidate === null) return 'its default export is not a connector';
  const { id, title, version, config, source, notifier, enricher, filter } = candidate as Partial<Connector>;
  const { directory, analyst, scorer, workflow, run } = candidate as Partial<Connector>;
  if (typeof id !== 'string' || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id))
    return 'its id is not in kebab-case';
  if (typeof title !== 'string' || typeof version !== 'string') return 'it has no title or no version';
  if (config?.type !== 'object') return 'its config is not the schema of an object';
  if (source !== undefined && typeof source.parse !== 'function') return 'its source can not parse';
  if (
    notifier !== undefined &&
    (typeof notifier.deliver !== 'function' || typeof notifier.render !== 'function')
  ) {
    return 'its notifier can not deliver and render';
  }
  if (
    enricher !== undefined &&
    (typeof enricher.cacheKey !== 'function' || typeof enricher.enrich !== 'function')
  ) {
    return 'its enricher can not name a key and enrich';
  }
  if (filter !== undefined && typeof filter.decide !== 'function') return 'its filter can not decide';
  if (directory !== undefined && typeof directory.list !== 'function') return 'its directory can not list';
  if (analyst !== undefined && typeof analyst.analyse !== 'function') return 'its analyst can not analyse';
  if (scorer !== undefined && typeof scorer.score !== 'function') return 'its scorer can not score';
  if (workflow !== undefined && typeof workflow.start !== 'function') return 'its workflow can not start';
  if (run !== undefined && typeof run !== 'function') return 'its run is not a function';
  return undefined;
}
