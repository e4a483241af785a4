import type { Labels } from './matcher.ts';

/** What happened to a namespace. `at` is when, in milliseconds since the epoch; `by` is a person, a service account or the integration that saw it. */
export type NamespaceEvent = NamespaceKey & { readonly at: number; readonly by: string } & (
    | {
        readonly kind: 'created';
        readonly environment: string;
        readonly labels: Labels;
        /** What the cluster calls this life of it. */
        readonly uid?: string;
      }
    | {
        readonly kind: 'labelled';
        readonly environment: string;
        readonly labels: Labels;
        readonly uid?: string;
      }
    /** An alert of it was classified so; also the first that is heard of a namespace. */
    | { readonly kind: 'classified'; readonly environment: string }
    | { readonly kind: 'promoted'; readonly environment: string; readonly promotion: string }
    | { readonly kind: 'deleted' }
  );

/** A namespace name means something only in its cluster; empty where nothing names one. */
export interface NamespaceKey {
  readonly tenant: string;
  readonly cluster: string;
  readonly namespace: string;
}

/** What is known of a namespace by its events. */
export interface NamespaceRecord extends NamespaceKey {
  readonly environment: string;
  /** What the rules made of it last; a promotion makes another environment of it and leaves this. */
  readonly classifiedAs: string;
  /** Absent while only alerts have told of it. */
  readonly labels?: Labels;
  readonly uid?: string;
  readonly state: 'active' | 'deleted';
  /** From 1; a namespace that is created again under its name begins another life. */
  readonly life: number;
  /** How many entries there are for this name, so that a gap is seen. */
  readonly sequence: number;
  readonly createdAt: number;
  readonly changedAt: number;
}

/** One line for audit. Refused events make one as well, so that the record is complete. */
export interface NamespaceEntry extends NamespaceKey {
  readonly life: number;
  /** 0 for an event of a namespace that is not known. */
  readonly sequence: number;
  readonly kind: NamespaceEvent['kind'];
  readonly at: number;
  readonly by: string;
  /** The environment before and after; absent before the first and after the last. */
  readonly from?: string;
  readonly to?: string;
  /** Of `created` and `labelled`. */
  readonly labels?: Labels;
  /** The id of the promotion that allowed it. */
  readonly promotion?: string;
  /** It became another environment past every gate: by other labels, other rules or what alerts say. */
  readonly isUnapproved?: true;
  /** Why the event changed nothing. */
  readonly refused?: string;
}

/** What somebody says about namespaces, before it is compared with what is known. */
export type NamespaceNews = {
  readonly tenant: string;
  readonly cluster: string;
  readonly at: number;
  readonly by: string;
} & (
  | {
      readonly kind: 'present';
      readonly namespace: string;
      readonly labels: Labels;
      readonly uid?: string;
      /** When the cluster made it. */
      readonly createdAt?: number;
    }
  | { readonly kind: 'deleted'; readonly namespace: string; readonly uid?: string }
  | {
      readonly kind: 'promoted';
      readonly namespace: string;
      readonly environment: string;
      readonly promotion: string;
    }
  | { readonly kind: 'classified'; readonly namespace: string; readonly environment: string }
  /** These are all that the cluster has. */
  | { readonly kind: 'listed'; readonly namespaces: readonly string[] }
);

/** The scope that owns the namespaces of a cluster: one node writes them at a time, as with a group. */
export function namespaceScopeId({ tenant, cluster }: Pick<NamespaceKey, 'tenant' | 'cluster'>): string {
  return `namespaces/${tenant}/${cluster}`;
}

export function namespaceKey({ tenant, cluster, namespace }: NamespaceKey): string {
  return JSON.stringify([tenant, cluster, namespace]);
}
