import type { TestContext } from 'node:test';
import type { Store } from '../port.ts';
import type { StoreReader } from '../reader.ts';

/** Where one store lives; every test gets a new, empty one. */
export interface StorePlace {
  /** Opens the store, again after a close to see what stayed. */
  open(options?: { readonly now?: () => number }): Promise<Store>;
  /** Opens a reader beside it; the store was opened before. */
  openReader(): Promise<StoreReader>;
  /** Makes the medium refuse writes until the returned function is called; absent where the driver can't simulate it. */
  readonly breakMedium?: () => () => void;
  remove(): Promise<void>;
}

export type CreatePlace = () => Promise<StorePlace>;

/** Opens a store and a reader for one test and closes both after it. */
export async function openBoth(
  t: TestContext,
  createPlace: CreatePlace,
  options?: { readonly now?: () => number },
): Promise<{ store: Store; reader: StoreReader; place: StorePlace }> {
  const place = await createPlace();
  const store = await place.open(options);
  const reader = await place.openReader();
  t.after(async () => {
    await reader.close();
    await store.close();
    await place.remove();
  });
  return { store, reader, place };
}
