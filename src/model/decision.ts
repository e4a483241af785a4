/** The stored explanation of one stage for one alert or group; repeats bump `count` instead of adding rows. */
export interface Decision {
  readonly tenant: string;
  /** Fingerprint of the alert, or id of the group. */
  readonly subject: string;
  readonly stage: 'dedupe' | 'fold' | 'route' | 'group' | 'flush' | 'deliver';
  /** Which rule: a route key, a setting, a policy. */
  readonly rule: string;
  readonly outcome: string;
  readonly at: number;
}
