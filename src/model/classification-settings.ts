/** How alerts are told which environment they come from. */
export interface ClassificationSettings {
  /** Plain data, checked; its shape is `src/classification/rules.ts`. */
  readonly ruleSet: Readonly<Record<string, unknown>>;
  /** Of each list, the first label that the alert has speaks. */
  readonly namespaceLabels: readonly string[];
  readonly clusterLabels: readonly string[];
  /** What these say of the owner, each under its own name. */
  readonly ownerLabels: readonly string[];
  /** Labels that are written; absent: none. */
  readonly write: {
    readonly environment?: string;
    readonly tenant?: string;
    readonly businessUnit?: string;
  };
}
