/** Where a record stands in the journal. */
export interface Position {
  readonly partition: number;
  readonly offset: number;
}
