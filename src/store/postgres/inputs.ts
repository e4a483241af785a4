import type { InputRow } from '../port.ts';
import { BY_TIME, type DailyTable } from './partitions.ts';
import type { Sql } from './sql.ts';

export const INPUTS: DailyTable = { name: 'inputs', boundOf: BY_TIME };

const SAVE = `INSERT INTO inputs (step, now, revision, what)
  SELECT step, now, revision, what FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[]) WITH ORDINALITY
    AS input (step, now, revision, what, position) ORDER BY position`;

export async function saveInputs(sql: Sql, inputs: readonly InputRow[]): Promise<void> {
  await sql.run(
    SAVE,
    inputs.map(({ step }) => step),
    inputs.map(({ now }) => now),
    inputs.map(({ revision }) => revision),
    inputs.map(({ what }) => what),
  );
}
