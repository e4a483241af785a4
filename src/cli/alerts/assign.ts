import { CommandError } from '../command-error.ts';
import { defineAlertAction } from './act-on-alerts.ts';

export default defineAlertAction({
  action: 'assign',
  description: 'Says who takes care of it. That stays when the alert resolves and fires again.',
  flags: {
    to: { type: 'string', description: 'Who', hint: 'NAME' },
    nobody: { type: 'boolean', description: 'Nobody any more' },
  },
  examples: [
    { line: 'signalbox alerts assign 5ef77f1f8a3ecfd7 --to grace', what: 'Grace takes it' },
    { line: 'signalbox alerts assign 5ef77f1f8a3ecfd7 --nobody', what: 'nobody does' },
  ],
  done: 'is assigned',
  body({ to, nobody }) {
    if ((to === undefined) !== nobody)
      throw new CommandError('usage', 'say who: either --to NAME or --nobody');
    return to === undefined ? {} : { assignee: to };
  },
});
