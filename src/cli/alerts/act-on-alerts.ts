import type { BulkResultView } from '../../api/resources/alert-bulk.ts';
import { defineCommand, type Command, type Flags, type FlagValues } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { findHub } from '../find-hub.ts';
import { HUB_FLAGS, JSON_FLAG } from '../flags.ts';
import { printJson, type Terminal } from '../terminal.ts';

const WHICH_FLAGS = {
  matcher: {
    type: 'strings',
    description:
      'Instead of fingerprints: all alerts that this label matcher fits; may be repeated, all must hold',
    hint: 'MATCHER',
  },
  tenant: { type: 'string', description: 'The tenant that they belong to', hint: 'NAME' },
} as const;

const WHO_FLAGS = {
  by: {
    type: 'string',
    description: 'Who asks, as it is to be recorded; default `SIGNALBOX_USER`, then the name of the login',
    hint: 'NAME',
  },
  comment: { type: 'string', description: 'A remark that stays with the alert', hint: 'TEXT' },
} as const;

const ACTION_FLAGS = { ...WHICH_FLAGS, ...WHO_FLAGS, ...HUB_FLAGS, ...JSON_FLAG } as const;

export interface AlertActionCommand<F extends Flags> {
  /** As the API calls it. */
  readonly action: string;
  readonly description: string;
  /** Flags beside those that all of them have. */
  readonly flags: F;
  readonly examples: Command['examples'];
  /** For the line of each alert: `is acknowledged`. */
  readonly done: string;
  /** What these flags mean for the request. */
  readonly body: (flags: FlagValues<F>) => Readonly<Record<string, unknown>>;
}

/** A command that does the same with one or many alerts; one that can't be changed stops none of the others, and makes the exit code 1. */
export function defineAlertAction<const F extends Flags>(spec: AlertActionCommand<F>): Command {
  return defineCommand({
    description: [spec.description, 'Exit code 1 when it was refused for one of them.'],
    positionals: [
      {
        name: 'FINGERPRINT',
        description: 'As "signalbox alerts" shows it',
        isOptional: true,
        isRepeated: true,
      },
    ],
    flags: { ...spec.flags, ...ACTION_FLAGS },
    examples: spec.examples,
    async run({ flags: given, positionals, terminal }) {
      // Sound because the flags of the call are these and those of the action.
      const flags = given as FlagValues<typeof ACTION_FLAGS> & FlagValues<F>;
      const which = whichAlerts(flags.matcher, positionals);
      const hub = await findHub(flags, terminal);
      const by = flags.by ?? (terminal.env.SIGNALBOX_USER || terminal.env.USER || undefined);
      const result = await hub.post<BulkResultView>('/alerts/bulk', {
        action: spec.action,
        ...which,
        ...(flags.tenant !== undefined && { tenant: flags.tenant }),
        ...(by !== undefined && { by }),
        ...(flags.comment !== undefined && { comment: flags.comment }),
        ...spec.body(flags),
      });
      if (flags.json) printJson(terminal, result);
      else describe(result, spec.done, terminal);
      return result.items.every(({ ok }) => ok) ? 0 : 1;
    },
  });
}

function whichAlerts(matchers: readonly string[], fingerprints: readonly string[]) {
  if (matchers.length > 0 === fingerprints.length > 0)
    throw new CommandError('usage', 'say which alerts: either fingerprints or --matcher');
  return matchers.length > 0 ? { filter: { matchers } } : { fingerprints };
}

function describe({ items, more }: BulkResultView, done: string, terminal: Terminal): void {
  if (items.length === 0) terminal.print('No alerts.');
  for (const { fingerprint, ok, changed, detail } of items) {
    if (ok) terminal.print(`${fingerprint} ${done}${changed ? '' : ', as it was'}`);
    else terminal.remark(`${fingerprint}: ${detail}`);
  }
  if (more) terminal.remark('More alerts fit: run it again.');
}
