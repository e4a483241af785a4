import { GoFunctionError } from './error.ts';
import { formatFloat } from './number-text.ts';
import { typeOf, type GoValue } from './value.ts';

const SMALLER = ['m', 'u', 'n', 'p', 'f', 'a', 'z', 'y'];

/**
 * Seconds, as number, text or duration, for people, in the form of Prometheus: `1d 2h 3m 4s`, `12.5s`, `150ms`.
 * https://prometheus.io/docs/prometheus/latest/configuration/template_reference/#numbers
 */
export function humanizeDuration(value: GoValue): string {
  const seconds = secondsOf(value);
  if (!Number.isFinite(seconds)) return formatFloat(seconds, 'g', 4);
  if (seconds === 0) return '0s';
  const sign = seconds < 0 ? '-' : '';
  const absolute = Math.abs(seconds);
  if (absolute < 60 && absolute >= 1) return `${sign}${formatFloat(absolute, 'g', 4)}s`;
  if (absolute >= 1) {
    const whole = Math.trunc(absolute);
    const parts: readonly (readonly [amount: number, unit: string])[] = [
      [Math.trunc(whole / 86_400), 'd'],
      [Math.trunc(whole / 3600) % 24, 'h'],
      [Math.trunc(whole / 60) % 60, 'm'],
      [whole % 60, 's'],
    ];
    const first = parts.findIndex(([amount]) => amount > 0);
    return (
      sign +
      parts
        .slice(first)
        .map(([amount, unit]) => `${amount}${unit}`)
        .join(' ')
    );
  }
  let rest = seconds;
  let prefix = '';
  for (const smaller of SMALLER) {
    if (Math.abs(rest) >= 1) break;
    prefix = smaller;
    rest *= 1000;
  }
  return `${formatFloat(rest, 'g', 4)}${prefix}s`;
}

function secondsOf(value: GoValue): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string') {
    const text = value.trim();
    if (text !== '' && text === value && Number.isFinite(Number(text))) return Number(text);
    throw new GoFunctionError(`${JSON.stringify(value)} is not a number`);
  }
  if (value !== null && typeof value === 'object' && value.kind === 'duration') {
    return Number(value.nanoseconds) / 1e9;
  }
  throw new GoFunctionError(`a value of type ${typeOf(value)} is no number`);
}
