import { initial } from './0001-initial.ts';
import type { Migration } from './migration.ts';

/** In order; a step is added at the end and never changed. */
export const STORE_MIGRATIONS: readonly Migration[] = [initial];
