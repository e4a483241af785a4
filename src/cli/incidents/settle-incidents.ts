import { defineCommand } from '../command.ts';
import { findHub } from '../find-hub.ts';
import { HUB_FLAGS, JSON_FLAG } from '../flags.ts';
import { settleEach } from '../settle.ts';
import { BY_FLAG, whoActs } from './by-flag.ts';

/** A command that takes incidents one step on, with nothing but a note. */
export function settleIncidents(step: {
  readonly description: string;
  readonly example: { readonly line: string; readonly what: string };
  /** The last part of the API's path. */
  readonly action: 'acknowledge' | 'resolve' | 'reopen' | 'close';
  /** For the line of each: `is closed`. */
  readonly done: string;
}) {
  return defineCommand({
    description: [`${step.description} Exit code 1 when one of them can’t be.`],
    positionals: [{ name: 'ID', description: 'As "signalbox incidents" shows it', isRepeated: true }],
    flags: {
      note: { type: 'string', description: 'For the timeline', hint: 'TEXT' },
      ...BY_FLAG,
      ...HUB_FLAGS,
      ...JSON_FLAG,
    },
    examples: [step.example],
    async run({ flags, positionals, terminal }) {
      const { note, json } = flags;
      const body = { ...whoActs(flags.by, terminal), ...(note === undefined ? {} : { note }) };
      const path = (id: string): string => `/incidents/${id}/${step.action}`;
      const hub = await findHub(flags, terminal);
      return settleEach(hub, positionals, { path, body, done: step.done, json, terminal });
    },
  });
}
