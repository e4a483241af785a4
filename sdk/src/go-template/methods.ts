import { GoFunctionError } from './error.ts';
import type { GoFunction } from './function.ts';
import { valueText } from './print.ts';
import { durationText, formatTime } from './time-layout.ts';
import { localTime } from './time-zone.ts';
import {
  asText,
  sortedPairs,
  strings,
  typeOf,
  ZERO_TIME,
  type GoDuration,
  type GoList,
  type GoMap,
  type GoStruct,
  type GoTime,
  type GoValue,
} from './value.ts';

/** The method of a value, which goes before a field or key of the same name; its parameters leave the value itself out. */
export function methodOf(value: GoValue, name: string): GoFunction | undefined {
  const type = typeOf(value);
  const table = METHODS[type];
  return table !== undefined && Object.hasOwn(table, name) ? table[name]!(value) : undefined;
}

type Methods<V extends GoValue> = Readonly<Record<string, (value: V) => GoFunction>>;

function plain(call: () => GoValue): GoFunction {
  return { parameters: [], call };
}

const KV_METHODS: Methods<GoMap> = {
  SortedPairs: (map) => plain(() => pairsOf(map)),
  Names: (map) => plain(() => strings(sortedPairs(map).map(([name]) => name))),
  Values: (map) => plain(() => strings(sortedPairs(map).map(([, text]) => text))),
  String: (map) => plain(() => valueText(map, () => {})),
  Remove: (map) => ({
    parameters: ['strings'],
    call: ([names]) => {
      const removed = new Set((names as GoList).items);
      return { ...map, entries: new Map([...map.entries].filter(([name]) => !removed.has(name))) };
    },
  }),
};

const PAIRS_METHODS: Methods<GoList> = {
  Names: (pairs) => plain(() => strings(fieldsOf(pairs, 'Name'))),
  Values: (pairs) => plain(() => strings(fieldsOf(pairs, 'Value'))),
  String: (pairs) => plain(() => valueText(pairs, () => {})),
};

const STRINGS_METHODS: Methods<GoList> = {
  Join: (list) => ({
    parameters: ['string'],
    call: ([separator]) => list.items.map(asText).join(asText(separator)),
  }),
};

const ALERTS_METHODS: Methods<GoList> = {
  Firing: (alerts) => plain(() => withStatus(alerts, 'firing')),
  Resolved: (alerts) => plain(() => withStatus(alerts, 'resolved')),
};

/** Those of Go's methods that templates use (https://pkg.go.dev/time#Time). */
const TIME_METHODS: Methods<GoTime> = {
  Format: (time) => ({ parameters: ['string'], call: ([layout]) => formatTime(time, asText(layout)) }),
  String: (time) => plain(() => valueText(time, () => {})),
  Unix: (time) => plain(() => floorDivide(time.nanoseconds, 1_000_000_000n)),
  UnixMilli: (time) => plain(() => floorDivide(time.nanoseconds, 1_000_000n)),
  UnixMicro: (time) => plain(() => floorDivide(time.nanoseconds, 1_000n)),
  UnixNano: (time) => plain(() => time.nanoseconds),
  UTC: (time) => plain(() => ({ ...time, zone: 'UTC' })),
  // The hub has no time zone of its own.
  Local: (time) => plain(() => ({ ...time, zone: 'UTC' })),
  IsZero: (time) => plain(() => time.nanoseconds === ZERO_TIME.nanoseconds),
  Year: (time) => plain(() => BigInt(localTime(time.nanoseconds, time.zone).date.year)),
  Day: (time) => plain(() => BigInt(localTime(time.nanoseconds, time.zone).date.day)),
  YearDay: (time) => plain(() => BigInt(localTime(time.nanoseconds, time.zone).date.dayOfYear)),
  Hour: (time) => plain(() => BigInt(localTime(time.nanoseconds, time.zone).date.hour)),
  Minute: (time) => plain(() => BigInt(localTime(time.nanoseconds, time.zone).date.minute)),
  Second: (time) => plain(() => BigInt(localTime(time.nanoseconds, time.zone).date.second)),
  Month: (time) => plain(() => formatTime(time, 'January')),
  Weekday: (time) => plain(() => formatTime(time, 'Monday')),
  Add: (time) => ({
    parameters: ['duration'],
    call: ([by]) => checked({ ...time, nanoseconds: time.nanoseconds + (by as GoDuration).nanoseconds }),
  }),
  Sub: (time) => ({
    parameters: ['time'],
    call: ([other]) => duration(time.nanoseconds - (other as GoTime).nanoseconds),
  }),
  After: (time) => compareTimes(time, (left, right) => left > right),
  Before: (time) => compareTimes(time, (left, right) => left < right),
  Equal: (time) => compareTimes(time, (left, right) => left === right),
};

const DURATION_METHODS: Methods<GoDuration> = {
  String: (value) => plain(() => durationText(value)),
  Hours: (value) => plain(() => Number(value.nanoseconds) / 3.6e12),
  Minutes: (value) => plain(() => Number(value.nanoseconds) / 6e10),
  Seconds: (value) => plain(() => Number(value.nanoseconds) / 1e9),
  Milliseconds: (value) => plain(() => value.nanoseconds / 1_000_000n),
  Microseconds: (value) => plain(() => value.nanoseconds / 1_000n),
  Nanoseconds: (value) => plain(() => value.nanoseconds),
  Abs: (value) => plain(() => duration(value.nanoseconds < 0n ? -value.nanoseconds : value.nanoseconds)),
  Truncate: (value) => ({
    parameters: ['duration'],
    call: ([unit]) => roundDuration(value, unit as GoDuration, false),
  }),
  Round: (value) => ({
    parameters: ['duration'],
    call: ([unit]) => roundDuration(value, unit as GoDuration, true),
  }),
};

const METHODS = {
  'template.KV': KV_METHODS,
  'template.Pairs': PAIRS_METHODS,
  'template.Strings': STRINGS_METHODS,
  'template.Alerts': ALERTS_METHODS,
  'time.Time': TIME_METHODS,
  'time.Duration': DURATION_METHODS,
} as unknown as Readonly<Record<string, Methods<GoValue>>>;

function pairsOf(map: GoMap): GoList {
  const items = sortedPairs(map).map(
    ([name, text]): GoStruct => ({
      kind: 'struct',
      type: 'template.Pair',
      fields: new Map([
        ['Name', name],
        ['Value', text],
      ]),
    }),
  );
  return { kind: 'list', type: 'template.Pairs', items };
}

function fieldsOf(pairs: GoList, name: string): readonly string[] {
  return pairs.items.map((pair) => asText((pair as GoStruct).fields.get(name)));
}

/** In Go the result is a plain list: `.Alerts.Firing.Resolved` is an error. */
function withStatus(alerts: GoList, status: string): GoList {
  const items = alerts.items.filter((alert) => (alert as GoStruct).fields.get('Status') === status);
  return { kind: 'list', type: '[]template.Alert', items };
}

function duration(nanoseconds: bigint): GoDuration {
  return { kind: 'duration', nanoseconds: BigInt.asIntN(64, nanoseconds) };
}

/** Dates that can't be shown are refused; Go would wrap around. */
function checked(time: GoTime): GoTime {
  if (
    time.nanoseconds >= -8_640_000_000_000_000_000_000n &&
    time.nanoseconds <= 8_640_000_000_000_000_000_000n
  ) {
    return time;
  }
  throw new GoFunctionError('this time is out of range');
}

function compareTimes(time: GoTime, holds: (left: bigint, right: bigint) => boolean): GoFunction {
  return { parameters: ['time'], call: ([other]) => holds(time.nanoseconds, (other as GoTime).nanoseconds) };
}

function floorDivide(value: bigint, by: bigint): bigint {
  return value / by - (value < 0n && value % by !== 0n ? 1n : 0n);
}

/** Halves go away from zero. A unit of zero or less changes nothing. */
function roundDuration(value: GoDuration, { nanoseconds: unit }: GoDuration, nearest: boolean): GoDuration {
  if (unit <= 0n) return value;
  const sign = value.nanoseconds < 0n ? -1n : 1n;
  const absolute = value.nanoseconds * sign + (nearest ? unit / 2n : 0n);
  return duration((absolute - (absolute % unit)) * sign);
}
