import {
  readObject,
  readOptionalText,
  readTexts,
  readTime,
  wrongShape,
  type AlertData,
} from '@signalbox/sdk';

/** Alertmanager's grammar of label names with `utf8-strict-mode` off and UTF-8 names allowed: anything but nothing. */
const NO_NAME = '';

/**
 * Alerts as clients of API v2 post them: a list with labels, annotations and, where they like, bounds. An alert whose end has passed is
 * resolved; one without an end is repeated by its sender until it is over.
 * As in Alertmanager, empty labels and annotations are dropped, an alert needs one label, one with an end but no start starts at its end, and what is
 * said last counts, whatever times it names.
 */
export function readPosted(
  body: readonly unknown[],
  resolveAfterMs: number,
  now: Date,
): readonly AlertData[] {
  return body.map((value, index) => readPostedAlert(value, `[${index}]`, resolveAfterMs, now));
}

function readPostedAlert(value: unknown, field: string, resolveAfterMs: number, now: Date): AlertData {
  const alert = readObject(value, field);
  const labels = withoutEmpty(readTexts(alert['labels'], `${field}.labels`));
  const names = Object.keys(labels);
  if (names.length === 0 || names.includes(NO_NAME))
    throw wrongShape(`${field}.labels`, 'at least one label with a name and a value');
  const endsAt = readTime(alert['endsAt'], `${field}.endsAt`);
  const startsAt = readTime(alert['startsAt'], `${field}.startsAt`) ?? endsAt;
  const end = endsAt === undefined ? now.getTime() + resolveAfterMs : Date.parse(endsAt);
  if (startsAt !== undefined && end < Date.parse(startsAt))
    throw wrongShape(`${field}.endsAt`, 'a time after startsAt');
  const generatorURL = readOptionalText(alert['generatorURL'], `${field}.generatorURL`);
  const isOver = end <= now.getTime();
  return {
    status: isOver ? 'resolved' : 'firing',
    labels,
    annotations: withoutEmpty(
      alert['annotations'] === undefined ? {} : readTexts(alert['annotations'], `${field}.annotations`),
    ),
    inArrivalOrder: true,
    ...(startsAt === undefined ? {} : { startsAt }),
    ...(endsAt === undefined ? { resolveAfterMs } : { endsAt }),
    ...(generatorURL === undefined || generatorURL === '' ? {} : { generatorURL }),
  };
}

function withoutEmpty(texts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  if (!Object.values(texts).includes('')) return texts;
  return Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== ''));
}
