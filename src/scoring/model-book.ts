import type { ScoreModel } from '../model/score-model.ts';

/** What the book reads; the store has it. */
export interface ModelSource {
  models(tenants: readonly string[]): Promise<readonly ScoreModel[]>;
}

/** Keeps the models at hand that alerts are scored by. A score is advice, so a model may be some seconds old. */
export interface ModelBook {
  /** Reads the models of these tenants, unless that was done a moment ago. */
  load(tenants: readonly string[], now: number): Promise<void>;
  /** As it was read last; undefined when nothing was learned yet. */
  of(tenant: string): ScoreModel | undefined;
}

const FRESH_MS = 2_000;
/** More tenants than this are not kept between two batches. */
const MAX_KEPT = 200;

export function createModelBook(source: ModelSource): ModelBook {
  const known = new Map<string, { readonly model: ScoreModel | undefined; readonly readAt: number }>();
  return {
    async load(tenants, now) {
      const old = [...new Set(tenants)].filter((tenant) => {
        const entry = known.get(tenant);
        return !entry || Math.abs(now - entry.readAt) >= FRESH_MS;
      });
      if (old.length === 0) return;
      const models = new Map((await source.models(old)).map((model) => [model.tenant, model]));
      if (known.size + old.length > MAX_KEPT) known.clear();
      for (const tenant of old) known.set(tenant, { model: models.get(tenant), readAt: now });
    },
    of: (tenant) => known.get(tenant)?.model,
  };
}
