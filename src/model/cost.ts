/** Episodes of alerts that one cost center is charged with on one day (UTC), by where they came from. Rows add up. */
export interface CostRow {
  readonly tenant: string;
  /** Days since 1 January 1970. */
  readonly day: number;
  readonly costCenter: string;
  readonly environment: string;
  readonly namespace: string;
  readonly businessUnit: string;
  readonly episodes: number;
}
