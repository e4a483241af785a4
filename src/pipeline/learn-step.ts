import { modelScopeId } from '../model/score-model.ts';
import { scopeOf } from '../model/scope.ts';
import { emptyModel, learn } from '../scoring/learn.ts';
import { BATCH, type StepContext } from './step.ts';

/**
 * Takes what became of alerts into the models. Fold owners of any partition leave outcomes; the one owner of a tenant's scope learns from them, in
 * the order in which they were committed, and model and outcomes change in one commit. So nodes never overwrite each other's lessons, and each
 * counts once. Returns whether there may be more.
 */
export async function learnStep(context: StepContext): Promise<boolean> {
  const { store, ownership } = context;
  if (!context.settings().scoring) return false;
  const rows = await store.outcomes(BATCH, ownership.scopes());
  if (rows.length === 0) return false;
  const byTenant = Map.groupBy(rows, ({ tenant }) => tenant);
  const tenants = [...byTenant.keys()];
  const known = new Map((await store.models(tenants)).map((model) => [model.tenant, model]));
  await store.commit({
    models: Array.from(byTenant, ([tenant, outcomes]) =>
      learn(known.get(tenant) ?? emptyModel(tenant), outcomes),
    ),
    outcomesDone: rows.map(({ id }) => id),
    fences: ownership.fences({ scopes: tenants.map((tenant) => scopeOf(modelScopeId(tenant))) }),
  });
  context.metrics.batches.inc({ step: 'learn' });
  return rows.length === BATCH;
}
