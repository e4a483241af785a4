/**
 * What a connector says about the namespaces of a cluster (BR-AP-029). The hub compares it with what it knows, so that saying the same
 * twice, or by several nodes, does no harm; say what is so rather than what changed.
 */
export type NamespaceStatement = { readonly cluster: string } & (
  | {
      /** It is there, with these labels. */
      readonly what: 'present';
      readonly namespace: string;
      readonly labels: Readonly<Record<string, string>>;
      /** The cluster's own identity of it, which another namespace under its name does not have. */
      readonly uid?: string;
      /** RFC 3339: when the cluster made it. */
      readonly createdAt?: string;
    }
  | { readonly what: 'deleted'; readonly namespace: string; readonly uid?: string }
  /** These are all that there are; others that the cluster told of are gone. */
  | { readonly what: 'listed'; readonly namespaces: readonly string[] }
);

/**
 * Takes what a task found into the hub's own records. Resolves when it is on the disk; rejects with a `Fault` `SB_UNAVAILABLE` when it is not, and the
 * task says it again later.
 */
export type Emit = (statements: readonly NamespaceStatement[]) => Promise<void>;
