import { Type, type Static } from '@signalbox/sdk';
import type { DirectoryState } from '../../directory/keep-directory.ts';
import { NAME_KINDS } from '../../model/directory-settings.ts';
import { rfc3339 } from './rfc3339.ts';
import { oneOf, timestamp } from './schema.ts';

const nameKind = oneOf(NAME_KINDS, 'What the configuration means by it.');

export const directoryCheckSchema = Type.Object(
  {
    state: oneOf(
      ['none', 'pending', 'read', 'failed'],
      '`none`: no directory is configured. `pending`: it was not read yet. `failed`: the last reading ended early, and what is said here is older.',
    ),
    integration: Type.Optional(Type.String({ examples: ['people'] })),
    read_at: Type.Optional(timestamp('When it was read whole the last time.')),
    age_seconds: Type.Optional(Type.Integer({ minimum: 0, description: 'How long ago that is.' })),
    entries: Type.Integer({
      minimum: 0,
      description: 'How many people, teams, units and cost centers it lists.',
    }),
    failure: Type.Optional(Type.String({ description: 'Why the last reading ended early.' })),
    checked: Type.Integer({ minimum: 0, description: 'How many places of the configuration were compared.' }),
    not_listed: Type.Array(nameKind, {
      description: 'What the directory does not list at all; nothing is said of such names.',
    }),
    findings: Type.Array(
      Type.Object({
        verdict: oneOf(['unknown', 'renamed', 'inactive'], 'What is wrong with it.'),
        kind: nameKind,
        name: Type.String({ examples: ['payments'] }),
        to: Type.Optional(Type.String({ description: 'Its present name.', examples: ['commerce-payments'] })),
        message: Type.String({ examples: ['the team "payments" is called "commerce-payments" now'] }),
        advice: Type.String({ description: 'What to do.' }),
        file: Type.String({ examples: ['signalbox.yaml'] }),
        line: Type.Integer({ minimum: 0 }),
        column: Type.Integer({ minimum: 0 }),
        path: Type.String({ examples: ['routes.routes[2].matchers[0]'] }),
      }),
      { description: 'In the order of the configuration.' },
    ),
  },
  {
    $id: 'DirectoryCheck',
    description: 'The names of the configuration, compared with the directory of the organization.',
  },
);
export type DirectoryCheckView = Static<typeof directoryCheckSchema>;

export function presentDirectoryCheck(
  { integration, readAt, entries, failure, check }: DirectoryState,
  now: number,
): DirectoryCheckView {
  const state = integration === undefined ? 'none' : failure ? 'failed' : check ? 'read' : 'pending';
  return {
    state,
    ...(integration === undefined ? {} : { integration }),
    ...(readAt === undefined
      ? {}
      : { read_at: rfc3339(readAt), age_seconds: Math.max(0, Math.round((now - readAt) / 1_000)) }),
    entries,
    ...(failure ? { failure: failure.reason } : {}),
    checked: check?.checked ?? 0,
    not_listed: [...(check?.notListed ?? [])],
    findings: [...(check?.findings ?? [])],
  };
}
