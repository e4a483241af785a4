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
  const places = Math.min(precision, MAX_PLACES);
  return halfToEven(value.toFixed(places), value.toFixed(MAX_PLACES), places);
}

/** Go writes at least two digits of the exponent. */
function exponential(value: number, precision: number): string {
  const places = Math.min(precision, MAX_PLACES);
  const [mantissa = '', power = ''] = value.toExponential(places).split('e');
  const [exact = '', exactPower] = value.toExponential(MAX_PLACES).split('e');
  const rounded = power === exactPower ? halfToEven(mantissa, exact, places) : mantissa;
  return `${rounded}e${power.replace(/^([+-])(\d)$/, '$10$2')}`;
}

/** The most that the language's own functions write, and enough for the exact value of what lies half-way. */
const MAX_PLACES = 100;

/** What lies exactly between two numbers goes to the even one in Go, and to the larger one in JavaScript. */
function halfToEven(rounded: string, exact: string, places: number): string {
  const point = exact.indexOf('.');
  const end = point + (places === 0 ? 0 : places + 1);
  if (!/^\.?50*$/.test(exact.slice(end))) return rounded;
  const cut = exact.slice(0, end);
  return Number(cut.at(-1)) % 2 === 0 ? cut : rounded;
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
