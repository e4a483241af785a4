import { formatFloat } from './number-text.ts';
import { durationText, timeText } from './time-layout.ts';
import { asText, kindOf, sortedKeys, sortedPairs, type GoValue } from './value.ts';

/** Called once per value that is printed: lists may hold the same list many times over. */
export type Spend = () => void;

export interface ValueStyle {
  /** `%+v`: names of fields. */
  readonly named?: boolean;
  /** What a value that is nothing prints as; in an action it is `<no value>`. */
  readonly nothing?: string;
}

/** One value as `%v` prints it. */
export function valueText(value: GoValue, spend: Spend, style: ValueStyle = {}): string {
  spend();
  if (value === null) return style.nothing ?? '<nil>';
  if (typeof value === 'number') return formatFloat(value, 'v', undefined);
  if (typeof value !== 'object') return String(value);
  switch (value.kind) {
    case 'safe':
      return value.text;
    case 'time':
      return timeText(value);
    case 'duration':
      return durationText(value);
    case 'list':
      if (value.type === 'template.Pairs') {
        return value.items.map((pair) => pairText(pair)).join(', ');
      }
      return `[${value.items.map((item) => valueText(item, spend, { ...style, nothing: '<nil>' })).join(' ')}]`;
    case 'map': {
      if (value.type === 'template.KV') {
        return sortedPairs(value)
          .map(([name, text]) => `${name}=${text}`)
          .join(', ');
      }
      const inner = { ...style, nothing: '<nil>' };
      const pairs = sortedKeys(value).map(
        (key) => `${key}:${valueText(value.entries.get(key) ?? null, spend, inner)}`,
      );
      return `map[${pairs.join(' ')}]`;
    }
    case 'struct': {
      const fields = [...value.fields].map(([name, field]) => {
        const text = valueText(field, spend, { ...style, nothing: '<nil>' });
        return style.named ? `${name}:${text}` : text;
      });
      return `{${fields.join(' ')}}`;
    }
  }
}

function pairText(pair: GoValue): string {
  if (pair === null || typeof pair !== 'object' || pair.kind !== 'struct') return '';
  return `${asText(pair.fields.get('Name'))}=${asText(pair.fields.get('Value'))}`;
}

/** As `fmt.Sprint`: a space stands between two values of which neither is text. */
export function printText(values: readonly GoValue[], spend: Spend): string {
  let text = '';
  values.forEach((value, index) => {
    const isText = (one: GoValue): boolean => kindOf(one) === 'string';
    if (index > 0 && !isText(value) && !isText(values[index - 1] ?? null)) text += ' ';
    text += valueText(value, spend);
  });
  return text;
}

/** As `fmt.Sprintln`: spaces between all, and a line feed. */
export function printLineText(values: readonly GoValue[], spend: Spend): string {
  return `${values.map((value) => valueText(value, spend)).join(' ')}\n`;
}

/** What a text needs of a value that is meant as text: the value itself, or undefined when it is something else. */
export function textOf(value: GoValue): string | undefined {
  if (typeof value === 'string') return value;
  if (value !== null && typeof value === 'object') {
    if (value.kind === 'safe') return value.text;
    if (value.kind === 'time') return timeText(value);
    if (value.kind === 'duration') return durationText(value);
    const isPairs = value.kind === 'map' ? value.type === 'template.KV' : kindOf(value) === 'list';
    if (isPairs && 'type' in value && ['template.KV', 'template.Pairs'].includes(value.type)) {
      return valueText(value, () => {});
    }
  }
  return undefined;
}
