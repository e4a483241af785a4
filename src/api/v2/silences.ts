import { randomUUID } from 'node:crypto';
import type { SilenceCommand } from '../../model/command.ts';
import { checkSilenceMatchers, compileMatchers, silenceState, type Silence } from '../../model/silence.ts';
import type { Services } from '../services.ts';
import { passesFilters, readFilters, Refusal } from './filters.ts';
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
    .filter(({ matchers }) =>
      passesFilters(filters, Object.fromEntries(matchers.map(({ name, value }) => [name, value]))),
    )
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
  if (!silence) throw new Refusal(404, '');
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
  const isNew = posted.id === undefined || posted.id === '';
  if (limits && limits.silences > 0 && isNew && (await readAll(services)).length >= limits.silences)
    throw new Refusal(
      400,
      `exceeded maximum number of silences: ${limits.silences} (limit: ${limits.silences})`,
    );
  return send(services, {
    kind: 'put_silence',
    newId: randomUUID(),
    draft: {
      tenant: TENANT,
      kind: 'silence',
      matchers,
      startsAt,
      endsAt,
      createdBy: posted.createdBy,
      comment: posted.comment,
      annotations: posted.annotations ?? {},
    },
    ...(isNew ? {} : { id: posted.id }),
  });
}

export async function expireSilence(services: SilenceServices, id: string): Promise<void> {
  await send(services, { kind: 'expire_silence', id });
}

async function send({ command }: SilenceServices, asked: SilenceCommand): Promise<string> {
  const result = await command(asked);
  if (result.ok) return result.id!;
  throw new Refusal(result.code === 'not_found' ? 404 : 500, result.detail);
}

function checkMatchers(matchers: Silence['matchers']): void {
  let fault: string | undefined;
  try {
    fault = checkSilenceMatchers(compileMatchers(matchers));
  } catch (error) {
    fault = `invalid label matcher: ${error instanceof Error ? error.message : String(error)}`;
  }
  if (fault !== undefined) throw new Refusal(400, `invalid silence: ${fault}`);
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
    annotations: silence.annotations,
  };
}
