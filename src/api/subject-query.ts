import { Problem } from './problem.ts';

/** What a list is asked about: `subject_kind` and `subject_id` name it together, and nothing when neither is given. */
export function subjectQuery<Kind extends string>({
  subject_kind: kind,
  subject_id: id,
}: {
  readonly subject_kind?: Kind | undefined;
  readonly subject_id?: string | undefined;
}): { readonly subject?: { readonly kind: Kind; readonly id: string } } {
  if ((kind === undefined) !== (id === undefined))
    throw new Problem('invalid_parameter', '`subject_kind` and `subject_id` go together.', {
      field: 'subject_id',
    });
  return kind === undefined || id === undefined ? {} : { subject: { kind, id } };
}
