/** Where the organization keeps who and what there is, and what was renamed. */
export interface DirectorySettings {
  /** The integration that is asked; absent: there are only the aliases. */
  readonly integration?: string;
  readonly refreshMs: number;
  /** Present name by former name. */
  readonly aliases: Readonly<Record<string, string>>;
}

export const NAME_KINDS = ['owner', 'team', 'tenant', 'business_unit', 'cost_center', 'person'] as const;
export type NameKind = (typeof NAME_KINDS)[number];

/** One place of the configuration that names somebody or something of the organization. */
export interface NamedPlace {
  readonly kind: NameKind;
  readonly name: string;
  /** `classification.rule_set.tenants[2].tenant`. */
  readonly path: string;
  readonly file: string;
  /** From 1; 0 for what stands in no file. */
  readonly line: number;
  readonly column: number;
}
