/** Floats as Go's `strconv.FormatFloat` writes them, for the verbs of `printf`. */
export function formatFloat(value: number, verb: string, precision: number | undefined): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const lower = verb.toLowerCase();
  const text =
    lower === 'e'
      ? exponential(value, precision ?? 6)
      : lower === 'f'
        ? fixed(value, precision ?? 6)
        : general(value, precision);
  const signed = Object.is(value, -0) ? `-${text.replace(/^-/, '')}` : text;
  return verb === 'E' || verb === 'G' ? signed.toUpperCase() : signed;
}

function fixed(value: number, precision: number): string {
  // toFixed gives up at 1e21, where a float is a whole number anyway.
  if (Math.abs(value) >= 1e21) {
    return precision === 0 ? String(BigInt(value)) : `${BigInt(value)}.${'0'.repeat(precision)}`;
  }
  return value.toFixed(Math.min(precision, 100));
}

/** Go writes at least two digits of the exponent. */
function exponential(value: number, precision: number): string {
  return value.toExponential(Math.min(precision, 100)).replace(/e([+-])(\d)$/, 'e$10$2');
}

/** `%g` and `%v`: the shortest text that reads back as the same number, or as many digits as asked for. */
function general(value: number, precision: number | undefined): string {
  if (value === 0) return '0';
  const scientific =
    precision === undefined
      ? value.toExponential()
      : value.toExponential(Math.min(Math.max(precision, 1), 101) - 1);
  const [mantissa = '', power = '0'] = scientific.split('e');
  const exponent = Number(power);
  const trimmed = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
  const digits = trimmed.replace(/[-.]/g, '').length;
  const isWhole = digits <= exponent + 1;
  const limit = precision === undefined ? 21 : precision > digits && !isWhole ? digits : precision || 1;
  const largest = precision === undefined ? 6 : limit;
  if (exponent < -4 || exponent >= largest) {
    return `${trimmed}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  return Number(`${trimmed}e${exponent}`).toFixed(Math.min(Math.max(digits - 1 - exponent, 0), 100));
}
