import { randomUUID } from 'node:crypto';
import { RE2JS } from 're2js';
import type { SilenceDraft } from '../../model/command.ts';
import { checkSilenceMatchers, compileMatchers, silenceState, type Silence } from '../../model/silence.ts';
import { canChange } from '../../suppression/plan-silence.ts';
import type { Services } from '../services.ts';
import { hasMatchers, readFilters } from './filters.ts';
import { noSuchId, Refusal } from './refusal.ts';
import { rfc3339 } from '../views/rfc3339.ts';

const TENANT = 'default';
const PAGE = 500;

export interface PostableSilence {
  readonly id?: string;
  readonly matchers: readonly {
    readonly name: string;
    readonly value: string;
    readonly isRegex: boolean;
    readonly isEqual?: boolean;
  }[];
  readonly startsAt: string;
  readonly endsAt: string;
  readonly createdBy: string;
  readonly comment: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface GettableSilence extends Required<PostableSilence> {
  readonly status: { readonly state: 'expired' | 'active' | 'pending' };
  readonly updatedAt: string;
}

export interface SilencesQuery {
  readonly filter: readonly string[];
  readonly active: boolean;
  readonly expired: boolean;
  readonly pending: boolean;
}

type SilenceServices = Pick<Services, 'reader' | 'settings' | 'command' | 'now' | 'alertmanager'>;

/** Active ones first, the one that ends first in front; then those to come by their start; then what is over, the newest end first. */
export async function listSilences(
  services: SilenceServices,
  query: SilencesQuery,
): Promise<readonly GettableSilence[]> {
  const filters = readFilters(query.filter);
  const now = services.now();
  const shown = (await readAll(services))
    .filter(({ matchers }) => hasMatchers(filters, matchers))
    .map((silence) => presentSilence(silence, now))
    .filter(({ status }) => query[status.state]);
  const of = (state: GettableSilence['status']['state']) =>
    shown.filter(({ status }) => status.state === state);
  const by = (key: 'startsAt' | 'endsAt') => (left: GettableSilence, right: GettableSilence) =>
    Date.parse(left[key]) - Date.parse(right[key]);
  return [
    ...of('active').sort(by('endsAt')),
    ...of('pending').sort(by('startsAt')),
    ...of('expired').sort(by('endsAt')).reverse(),
  ];
}

export async function findSilence(services: SilenceServices, id: string): Promise<GettableSilence> {
  const { reader, settings, now } = services;
  const configured = settings().maintenanceWindows.find((window) => window.id === id);
  const silence = configured ?? (await reader.silence(id));
  if (!silence) throw noSuchId(id);
  return presentSilence(silence, now());
}

/** @returns the id of the silence that stands now, which is a new one when the old one could not be changed. */
export async function postSilence(services: SilenceServices, posted: PostableSilence): Promise<string> {
  const { now, alertmanager } = services;
  const [startsAt, endsAt] = [Date.parse(posted.startsAt), Date.parse(posted.endsAt)];
  if (!(startsAt < endsAt))
    throw new Refusal(400, 'Failed to create silence: start time must be before end time');
  if (endsAt < now()) throw new Refusal(400, "Failed to create silence: end time can't be in the past");
  const matchers = posted.matchers.map(({ name, value, isRegex, isEqual = true }) => ({
    name,
    op: isRegex ? (isEqual ? '=~' : '!~') : isEqual ? '=' : '!=',
    value,
  })) satisfies Silence['matchers'];
  checkMatchers(matchers);
  const limits = alertmanager?.limits;
  const size = Buffer.byteLength(JSON.stringify(posted));
  if (limits && limits.silenceBytes > 0 && size > limits.silenceBytes)
    throw new Refusal(
      400,
      `silence exceeded maximum size: ${size} bytes (limit: ${limits.silenceBytes} bytes)`,
    );
  const draft: SilenceDraft = {
    tenant: TENANT,
    kind: 'silence',
    matchers,
    startsAt,
    endsAt,
    createdBy: posted.createdBy,
    comment: posted.comment,
    annotations: posted.annotations ?? {},
  };
  const id = posted.id === '' ? undefined : posted.id;
  if (limits && limits.silences > 0) await refuseTooMany(services, id, draft, limits.silences);
  const result = await services.command({
    kind: 'put_silence',
    newId: randomUUID(),
    draft,
    ...(id === undefined ? {} : { id }),
  });
  if (result.ok) return result.id!;
  throw result.code === 'not_found' ? new Refusal(404, 'silence not found') : new Refusal(500, result.detail);
}

/** One that takes the place of another is one more, because the other is kept as well. */
async function refuseTooMany(
  services: SilenceServices,
  id: string | undefined,
  draft: SilenceDraft,
  limit: number,
): Promise<void> {
  const before = id === undefined ? undefined : await services.reader.silence(id);
  const isOneMore = before ? !canChange(before, draft, services.now()) : id === undefined;
  if (!isOneMore) return;
  const count = (await readAll(services)).length;
  if (count < limit) return;
  throw new Refusal(400, `exceeded maximum number of silences: ${count} (limit: ${limit})`);
}

/** One that is over already stays as it is. */
export async function expireSilence({ command }: SilenceServices, id: string): Promise<void> {
  const result = await command({ kind: 'expire_silence', id });
  if (result.ok || result.code === 'conflict') return;
  throw result.code === 'not_found' ? noSuchId(id) : new Refusal(500, result.detail);
}

/** In Alertmanager's words, which count sets of matchers; there is one. */
function checkMatchers(matchers: Silence['matchers']): void {
  for (const [index, { name, op, value }] of matchers.entries()) {
    const refuse = (what: string): Refusal =>
      new Refusal(400, `invalid silence: invalid label matcher ${index} in set 0: ${what}`);
    if (name === '') throw refuse('invalid label name ""');
    if (op === '=' || op === '!=') continue;
    try {
      RE2JS.compile(value);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw refuse(`invalid regular expression ${JSON.stringify(value)}: ${reason}`);
    }
  }
  const fault = checkSilenceMatchers(compileMatchers(matchers));
  if (fault !== undefined) throw new Refusal(400, `invalid silence: matcher set 0: ${fault}`);
}

async function readAll({ reader, settings }: SilenceServices): Promise<readonly Silence[]> {
  const found: Silence[] = [...settings().maintenanceWindows];
  let cursor: string | undefined;
  do {
    const page = await reader.silences({
      tenant: TENANT,
      limit: PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    found.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined);
  return found;
}

function presentSilence(silence: Silence, now: number): GettableSilence {
  return {
    id: silence.id,
    status: { state: silenceState(silence, now) },
    updatedAt: rfc3339(silence.updatedAt),
    comment: silence.comment,
    createdBy: silence.createdBy,
    endsAt: rfc3339(silence.endsAt),
    matchers: silence.matchers.map(({ name, op, value }) => ({
      isEqual: op === '=' || op === '=~',
      isRegex: op === '=~' || op === '!~',
      name,
      value,
    })),
    startsAt: rfc3339(silence.startsAt),
    // Alertmanager's document requires them; it leaves out empty ones itself.
    annotations: silence.annotations,
  };
}
