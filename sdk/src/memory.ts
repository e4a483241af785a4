/** What a connector remembers of each integration between calls, in this process. */
export interface Memory<C extends object, M> {
  /** The memory of the integration with this configuration; made when it is first asked for. */
  of(config: C): M;
  /** Forgets it, in the connector's `close`. */
  forget(config: C): void;
}

/**
 * Memory that `run` fills and `enrich` reads. The host hands the same configuration object to all calls of one integration, so that object
 * is the integration's name; a reload makes another one and begins with an empty memory. It lives in one process and is lost with it: what must survive
 * belongs into `context.state`.
 *
 * @example
 * const pods = createMemory((_config: Config) => new Map<string, Pod>());
 * // in `run`: pods.of(context.config).set(name, pod);      in `enrich`: pods.of(context.config).get(name);
 */
export function createMemory<C extends object, M>(make: (config: C) => M): Memory<C, M> {
  const memories = new WeakMap<C, M>();
  return {
    of(config) {
      if (!memories.has(config)) memories.set(config, make(config));
      return memories.get(config)!;
    },
    forget: (config) => void memories.delete(config),
  };
}
