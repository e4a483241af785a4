import { Fault, readObject, readOptionalText, readTime, wrongShape, type AlertData } from '@signalbox/sdk';

/**
 * Alerts as clients of API v2 post them: a list with labels, annotations and, where they like, bounds. An alert whose end has passed is
 * resolved; one without an end is repeated by its sender until it is over.
 * As in Alertmanager, empty labels are dropped, an alert needs one label, one with an end but no start starts at its end, and what is
 * said last counts, whatever times it names. Of a list with alerts that are not valid the others are taken.
 */
export function readPosted(
  body: readonly unknown[],
  resolveAfterMs: number,
  now: Date,
): readonly AlertData[] {
  const taken: AlertData[] = [];
  const problems: string[] = [];
  for (const [index, value] of body.entries()) {
    const read = readPostedAlert(value, `[${index}]`, resolveAfterMs, now);
    if (typeof read === 'string') problems.push(read);
    else taken.push(read);
  }
  if (problems.length > 0) throw new Fault('SB_REJECTED', problems.join('\n'), { taken });
  return taken;
}

/** @returns what is wrong with it in Alertmanager's words when it is not valid; what has another shape throws. */
function readPostedAlert(
  value: unknown,
  field: string,
  resolveAfterMs: number,
  now: Date,
): AlertData | string {
  const alert = readObject(value, field);
  const labels = withoutEmpty(readPairs(alert['labels'], `${field}.labels`));
  const annotations = readPairs(alert['annotations'] ?? {}, `${field}.annotations`);
  const endsAt = readTime(alert['endsAt'], `${field}.endsAt`);
  const startsAt = readTime(alert['startsAt'], `${field}.startsAt`) ?? endsAt;
  const generatorURL = readOptionalText(alert['generatorURL'], `${field}.generatorURL`);
  const end = endsAt === undefined ? now.getTime() + resolveAfterMs : Date.parse(endsAt);
  if (startsAt !== undefined && end < Date.parse(startsAt)) return 'start time must be before end time';
  if (Object.keys(labels).length === 0) return 'at least one label pair required';
  if (Object.hasOwn(labels, '')) return 'invalid label set: invalid name ""';
  if (Object.hasOwn(annotations, '')) return 'invalid annotations: invalid name ""';
  return {
    status: end <= now.getTime() ? 'resolved' : 'firing',
    labels,
    annotations,
    inArrivalOrder: true,
    ...(startsAt === undefined ? {} : { startsAt }),
    ...(endsAt === undefined ? { resolveAfterMs } : { endsAt }),
    ...(generatorURL === undefined || generatorURL === '' ? {} : { generatorURL }),
  };
}

/** Unlike `readTexts` with what is empty, because an annotation may be, and a label without a name is an error. */
function readPairs(value: unknown, field: string): Readonly<Record<string, string>> {
  const pairs = readObject(value, field);
  for (const [name, text] of Object.entries(pairs)) {
    if (typeof text !== 'string') throw wrongShape(`${field}.${name}`, 'a text');
  }
  return pairs as Readonly<Record<string, string>>;
}

function withoutEmpty(texts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  if (!Object.values(texts).includes('')) return texts;
  return Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== ''));
}
