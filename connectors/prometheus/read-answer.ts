import { Fault, readList, readObject, readOptionalText } from '@signalbox/sdk';

/** One series as people read it. Values that JSON has no number for stay texts: `NaN`, `+Inf`, `-Inf`. */
export interface Series {
  readonly labels?: Readonly<Record<string, string>>;
  /** The newest value. */
  readonly value: number | string;
  /** Of a range. */
  readonly first?: number | string;
  readonly min?: number;
  readonly max?: number;
  readonly mean?: number;
  /** From the oldest to the newest. */
  readonly values?: readonly (number | string)[];
}

/**
 * Reads `data` of an answer of the query API: vector, matrix, scalar or string
 * (https://prometheus.io/docs/prometheus/latest/querying/api/#expression-query-result-formats).
 *
 * @throws Fault `SB_UNAVAILABLE` for something else: then it is no Prometheus that answers
 */
export function readAnswer(body: unknown, maxSeries: number): readonly Series[] {
  try {
    const data = readObject(readObject(body, '')['data'], 'data');
    const { resultType, result } = data;
    if (resultType === 'scalar' || resultType === 'string')
      return [{ value: readSample(result, 'data.result') }];
    return readList(result, 'data.result')
      .slice(0, maxSeries)
      .map((item, index) => readSeries(readObject(item, `data.result[${index}]`), `data.result[${index}]`));
  } catch (cause) {
    throw new Fault('SB_UNAVAILABLE', 'the answer is not one of the query API of Prometheus', { cause });
  }
}

function readSeries(series: Readonly<Record<string, unknown>>, at: string): Series {
  const labels = Object.fromEntries(
    Object.entries(readObject(series['metric'] ?? {}, `${at}.metric`)).map(([name, value]) => [
      name,
      readOptionalText(value, `${at}.metric.${name}`) ?? '',
    ]),
  );
  const shown = Object.keys(labels).length === 0 ? {} : { labels };
  if (series['values'] === undefined) return { ...shown, value: readSample(series['value'], `${at}.value`) };
  const values = readList(series['values'], `${at}.values`).map((sample) =>
    readSample(sample, `${at}.values`),
  );
  return { ...shown, ...summarize(values) };
}

function summarize(values: readonly (number | string)[]): Omit<Series, 'labels'> {
  const numbers = values.filter((value) => typeof value === 'number');
  const [first, last] = [values[0], values.at(-1)];
  if (first === undefined || last === undefined) throw new Error('a series without values');
  return {
    value: last,
    first,
    ...(numbers.length === 0
      ? {}
      : {
          min: Math.min(...numbers),
          max: Math.max(...numbers),
          mean: round(numbers.reduce((sum, value) => sum + value, 0) / numbers.length),
        }),
    values,
  };
}

/** `[unix time, "value"]`. */
function readSample(sample: unknown, at: string): number | string {
  const text = readList(sample, at)[1];
  if (typeof text !== 'string') throw new Error(`${at} holds no value`);
  const value = Number(text);
  return text.trim() !== '' && Number.isFinite(value) ? round(value) : text;
}

/** People read six digits; more would only make alerts longer. */
function round(value: number): number {
  return Number(value.toPrecision(6));
}
