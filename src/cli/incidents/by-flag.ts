import type { Terminal } from '../terminal.ts';

/** Who acts. The hub records it as claimed. */
export const BY_FLAG = {
  by: { type: 'string', description: 'Who acts; default: the user of this machine', hint: 'NAME' },
} as const;

export function whoActs(by: string | undefined, { env }: Pick<Terminal, 'env'>): { readonly by?: string } {
  const name = by ?? env['USER'] ?? env['USERNAME'];
  return name === undefined || name === '' ? {} : { by: name };
}
