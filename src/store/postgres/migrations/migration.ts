/** One step forward. Steps are never changed after a release; a mistake is corrected by the next one. */
export interface Migration {
  /** From 1, without gaps. */
  readonly version: number;
  readonly name: string;
  /**
   * The oldest schema that a program may know and still work on this one. While a cluster is upgraded node by node, programs of two
   * versions share the store, so a step only adds, and gives the number before its own here. A step that takes something away comes one
   * release after nobody uses it any more.
   */
  readonly worksWith: number;
  /** Statements without values, run in one transaction together with the record that they ran. */
  readonly text: string;
}
