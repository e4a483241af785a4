import type { NotificationReason, NotifiedAlert, Notification } from './notification.ts';
import { durationText, utc, webAddress, type Link } from './summary.ts';
import { cleanLine, shorten } from './text.ts';

// What the hub found out beside what the sender said, in the default words of every channel. All of it is bounded, because a reader takes in little;
// templates have the rest. Nothing is said where nothing is known, so an alert that nobody knows anything of looks as it came.

type Pair = readonly [name: string, value: string];

/**
 * Level, environment, owner and what policies said of an alert, the most telling first.
 *
 * @example
 * knownOf(alert); // [['level', 'SEV1 (extensive × high)'], ['environment', 'production'], ['owner', 'team-db']]
 */
export function knownOf(alert: Pick<NotifiedAlert, 'facts' | 'labels' | 'context'>): readonly Pair[] {
  const facts = alert.facts ?? {};
  const { level, rule } = mapOf(facts['assessment']);
  const environment = textOf(facts['environment']);
  const doubt =
    { unknown: ' (assumed)', contradictory: ' (contradictory)' }[textOf(facts['certainty'])] ?? '';
  const pairs: readonly Pair[] = [
    ['level', level === undefined ? '' : `${textOf(level)} (${textOf(rule)})`],
    ['environment', environment === '' ? '' : `${environment}${doubt}`],
    ['owner', ownerOf(alert)],
    ['priority', byPolicy(facts['reasons'], 'priority')],
    ['criticality', textOf(facts['criticality'])],
    ['SLO', textOf(facts['slo'])],
    ['compliance', textOf(facts['compliance'])],
  ];
  return pairs.filter(([, value]) => value !== '');
}

const OWNER_WORDS = ['owner', 'owners', 'team', 'contact', 'oncall', 'on_call'];

/** Whoever enrichment names, else the business unit; nothing when a label says the same. */
function ownerOf({
  facts = {},
  labels,
  context,
}: Pick<NotifiedAlert, 'facts' | 'labels' | 'context'>): string {
  const leaves = Object.values(context ?? {}).flatMap((found) => leavesOf(found, ''));
  const named = OWNER_WORDS.map((word) => leaves.find(({ name }) => lastOf(name) === word)?.value);
  const owner = named.find((value) => value !== undefined) ?? textOf(facts['businessUnit']);
  return Object.values(labels).includes(owner) ? '' : owner;
}

/** What a policy said in place of the severity. */
function byPolicy(reasons: unknown, field: string): string {
  const all: readonly unknown[] = Array.isArray(reasons) ? reasons : [];
  return textOf(all.map(mapOf).find((reason) => reason['field'] === field)?.['value']);
}

const CONTEXT_LINES = 5;
const LEAVES_PER_LINE = 4;
const CHANGES = 2;
const LEAF_CHARACTERS = 80;
const LINE_CHARACTERS = 200;
const MAX_DEPTH = 3;
const MAX_LEAVES = 50;
/** Said in another place, or of use to machines only. */
const QUIET_KEYS = new Set(['labels', 'annotations', 'changes', 'previous', 'told', 'missing', 'taints']);
/** What people look for first. */
const TELLING = [
  'summary',
  'value',
  'reason',
  'message',
  'episodes',
  'phase',
  'status',
  'ready',
  'restarts',
  'version',
];

/**
 * What enrichment found, one line each, at most five: the values that tell most, and what could not be found out. Lists of maps are told by their first.
 *
 * @example
 * contextLinesOf(alert); // ['pod: phase Running, restarts 7', 'metrics: errors 0.42', 'not found out: cmdb (timeout)']
 */
export function contextLinesOf({
  context,
  missing,
}: Pick<NotifiedAlert, 'context' | 'missing'>): readonly string[] {
  const found = Object.entries(context ?? {}).flatMap(([name, value]) => {
    const leaves = leavesOf(value, '')
      .filter(({ name: path }) => !OWNER_WORDS.includes(lastOf(path)) && !lastOf(path).endsWith('At'))
      .toSorted((left, right) => tellingRank(left.name) - tellingRank(right.name))
      .slice(0, LEAVES_PER_LINE)
      .map((leaf) => (leaf.name === '' ? leaf.value : `${leaf.name} ${leaf.value}`));
    return leaves.length === 0 ? [] : [line(`${name}: ${leaves.join(', ')}`)];
  });
  const lacking = Object.entries(missing ?? {}).map(
    ([name, why]) => `${name} (${shorten(cleanLine(why), LEAF_CHARACTERS)})`,
  );
  return [
    ...found.slice(0, lacking.length === 0 ? CONTEXT_LINES : CONTEXT_LINES - 1),
    ...(lacking.length === 0 ? [] : [line(`not found out: ${lacking.join(', ')}`)]),
  ];
}

/** The newest changes that enrichment found near the alert: any of its answers may hold a list `changes` of `{ at, what }`. */
export function changesOf({
  context,
  startsAt,
}: Pick<NotifiedAlert, 'context' | 'startsAt'>): readonly string[] {
  const start = Date.parse(startsAt);
  return Object.values(context ?? {})
    .flatMap((found): readonly unknown[] => {
      const { changes } = mapOf(found);
      return Array.isArray(changes) ? changes : [];
    })
    .map(mapOf)
    .map((change) => ({ change, at: timeOf(change['at']) }))
    .filter(({ change, at }) => textOf(change['what']) !== '' && Number.isFinite(at))
    .toSorted((left, right) => right.at - left.at)
    .slice(0, CHANGES)
    .map(({ change, at }) => {
      const about = [textOf(change['kind']), textOf(change['name'])].filter(Boolean).join(' ');
      const when = `${durationText(Math.abs(start - at))} ${at <= start ? 'before' : 'after'} it began`;
      const cause = textOf(change['cause']);
      const what = `${textOf(change['what'])}${about === '' ? '' : ` of ${about}`}`;
      return line(`changed: ${what}, ${when}${cause === '' ? '' : ` (${cause})`}`);
    });
}

const NEWS: Readonly<Record<NotificationReason, string>> = {
  first: '',
  new_alerts: 'new alerts',
  some_resolved: 'some have resolved',
  all_resolved: '',
  raised: 'counts for more than before',
  snooze_ended: 'its snooze is over',
  updated: 'it says something new',
  repeat: 'as before',
};

/** What is new about a group that was told before; empty for the first message and the last, which say so themselves. */
export function newsOf({ reason }: Pick<Notification, 'reason'>): string {
  return reason === undefined ? '' : NEWS[reason];
}

/**
 * What the incident response procedures ask for, one line each; nothing once all has resolved.
 *
 * @example
 * askedOf(notification); // ['SEV1: Customers can’t buy', 'Acknowledge by 2026-11-20 09:19:05 UTC · update every 30m · led by …', '1. Open a call']
 */
export function askedOf({
  status,
  assessment,
}: Pick<Notification, 'status' | 'assessment'>): readonly string[] {
  if (status === 'resolved' || !assessment) return [];
  const { level, title, rule, acknowledgeBy, updateEveryMs, lead, steps = [] } = assessment;
  const asked = [
    ...(acknowledgeBy === undefined ? [] : [`Acknowledge by ${utc(acknowledgeBy)}`]),
    ...(updateEveryMs === undefined ? [] : [`update every ${durationText(updateEveryMs)}`]),
    ...(lead === undefined ? [] : [`led by ${cleanLine(lead)}`]),
  ].join(' · ');
  return [
    line(`${level}: ${cleanLine(title ?? rule)}`),
    ...(asked === '' ? [] : [line(asked)]),
    ...steps.slice(0, CONTEXT_LINES).map((step, index) => line(`${index + 1}. ${cleanLine(step)}`)),
  ];
}

/** The runbook of the level. */
export function procedureLink({
  status,
  assessment,
}: Pick<Notification, 'status' | 'assessment'>): readonly Link[] {
  const url = status === 'resolved' ? undefined : webAddress(assessment?.runbookUrl);
  return url === undefined ? [] : [{ title: 'Procedure', url }];
}

/** Where the hub explains what it decided about the alert; only where it found something out, for it has little to explain otherwise. */
export function explainLink(
  { fingerprint, facts, context }: Pick<NotifiedAlert, 'fingerprint' | 'facts' | 'context'>,
  { externalURL, tenant }: Pick<Notification, 'externalURL' | 'tenant'>,
): readonly Link[] {
  if (Object.keys(facts ?? {}).length + Object.keys(context ?? {}).length === 0) return [];
  const query = tenant === 'default' ? '' : `?tenant=${encodeURIComponent(tenant)}`;
  const url = webAddress(`${externalURL}/api/v1/alerts/${encodeURIComponent(fingerprint)}/explain${query}`);
  return url === undefined ? [] : [{ title: 'Explain', url }];
}

interface Leaf {
  /** The path to it, with spaces between. */
  readonly name: string;
  readonly value: string;
}

/** Texts, numbers and truths in a value, with the way to them. */
function leavesOf(value: unknown, name: string, depth = 0): readonly Leaf[] {
  if (Array.isArray(value)) {
    const first: unknown = value[0];
    if (isMap(first)) return leavesOf(first, name, depth + 1);
    const texts = textOf(value);
    return texts === '' ? [] : [{ name, value: texts }];
  }
  if (isMap(value)) {
    if (depth >= MAX_DEPTH) return [];
    return Object.entries(value)
      .slice(0, MAX_LEAVES)
      .filter(([key]) => !QUIET_KEYS.has(key))
      .flatMap(([key, part]) =>
        leavesOf(part, key === 'value' ? name : `${name} ${cleanLine(key)}`.trim(), depth + 1),
      );
  }
  const text = textOf(value);
  return text === '' ? [] : [{ name, value: text }];
}

function tellingRank(name: string): number {
  const rank = name === '' ? 0 : TELLING.indexOf(lastOf(name));
  return rank === -1 ? TELLING.length : rank;
}

function lastOf(name: string): string {
  return name.slice(name.lastIndexOf(' ') + 1);
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mapOf(value: unknown): Readonly<Record<string, unknown>> {
  return isMap(value) ? value : {};
}

/** A text, number, truth, or the first three of a list of them, on one line; empty for anything else. */
function textOf(value: unknown): string {
  if (Array.isArray(value))
    return shorten(value.slice(0, 3).map(textOf).filter(Boolean).join(', '), LEAF_CHARACTERS);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? shorten(cleanLine(value), LEAF_CHARACTERS) : '';
}

function timeOf(value: unknown): number {
  return typeof value === 'number' ? value : Date.parse(String(value));
}

function line(text: string): string {
  return shorten(cleanLine(text), LINE_CHARACTERS);
}
