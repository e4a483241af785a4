import type { Migration } from '../../../store/postgres/migrations/migration.ts';
import { records } from './0001-records.ts';

/** In order; a step is added at the end and never changed. */
export const JOURNAL_MIGRATIONS: readonly Migration[] = [records];
