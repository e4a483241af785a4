/** What one check found. `failed` keeps the hub, or a part of it, from working; `warning` is worth a look. */
export interface CheckResult {
  readonly status: 'ok' | 'warning' | 'failed';
  /** One line: what was found. */
  readonly detail: string;
  /** The next step. */
  readonly advice?: string;
  /** The exception's text when the check itself could not be done. */
  readonly error?: string;
}

/** `undefined`: there is nothing to check here. */
export type Check = () => Promise<CheckResult | undefined> | CheckResult | undefined;

export const ok = (detail: string): CheckResult => ({ status: 'ok', detail });
export const warning = (detail: string, advice: string): CheckResult => ({
  status: 'warning',
  detail,
  advice,
});
export const failed = (detail: string, advice: string): CheckResult => ({ status: 'failed', detail, advice });

/**
 * Runs every check for itself: one that throws becomes `failed` under its own name with the text of the exception, the others still run,
 * and all results come back as one map in the order of the checks (HNP-046).
 */
export async function runChecks(
  checks: Readonly<Record<string, Check>>,
): Promise<Readonly<Record<string, CheckResult>>> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]): Promise<readonly [string, CheckResult | undefined]> => {
      try {
        return [name, await check()];
      } catch (error) {
        const text = error instanceof Error ? error.message : String(error);
        return [name, { status: 'failed', detail: text, error: text }];
      }
    }),
  );
  return Object.fromEntries(
    results.filter((entry): entry is [string, CheckResult] => entry[1] !== undefined),
  );
}
