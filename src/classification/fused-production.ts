/** The id under which reasons name what this file finds; it is no rule that can be replaced, only one that a `nothing` rule can cover. */
export const FUSED_PRODUCTION = 'production-inside-a-word';

const FUSED = /^(?:prod|prd)[a-z]|(?:prod|prd|production)[0-9]*$/;
/** Product, producer, productivity, prodigy; not `productioneu`. */
const HARMLESS = /^produc(?!tion)|^prodig|^prodding$|^(?:re|co|over|under)production$/;

/**
 * Whether a word begins or ends with a production word without a separator: `shopprod`, `prodtest`. Nobody can be sure, so it is taken
 * for one: alone it changes nothing, because unknown counts as production, and beside `dev` it makes a contradiction.
 *
 * @example
 * isFusedProduction('shopprod'); // true
 * isFusedProduction('products'); // false
 */
export function isFusedProduction(word: string): boolean {
  return FUSED.test(word) && !HARMLESS.test(word);
}
