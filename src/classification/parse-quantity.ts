const QUANTITY =
  /^([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))(?:([numkMGTPE])|([KMGTPE]i)|[eE]([+-]?[0-9]{1,3}))?$/;

/** Powers of ten; they are read as part of the number, because `700 * 0.001` is more than 0.7. */
const DECIMAL: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const BINARY: Readonly<Record<string, number>> = {
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/**
 * A quantity as Kubernetes writes it (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/), in whole units: cores, bytes, pieces.
 * Undefined for anything else, and for what is below zero.
 *
 * @example
 * parseQuantity('500m'); // 0.5
 * parseQuantity('2Gi'); // 2147483648
 */
export function parseQuantity(text: string): number | undefined {
  const [, digits, decimal, binary, exponent = '0'] = QUANTITY.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const power = decimal === undefined ? exponent : DECIMAL[decimal]!;
  const value = Number(`${digits}e${power}`) * (binary === undefined ? 1 : BINARY[binary]!);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}
