import { cleanText } from '@signalbox/sdk';
import type { DeadLetterView } from '../../api/views/present-dead-letter.ts';
import type { QuarantinedDetailView } from '../../api/views/present-quarantine.ts';
import { defineCommand } from '../command.ts';
import { findHub } from '../find-hub.ts';
import { HUB_FLAGS, JSON_FLAG } from '../flags.ts';
import { renderFields } from '../table.ts';
import { printJson, type Terminal } from '../terminal.ts';
import { fullTime } from '../time-text.ts';

const SHOWN_CHARACTERS = 4_000;

export default defineCommand({
  description: [
    'Shows a dead letter and why it is one. Of a quarantined signal it shows the request as received; `--json` has its whole body in base64.',
  ],
  positionals: [{ name: 'ID', description: 'As "signalbox dead-letters" shows it' }],
  flags: { ...HUB_FLAGS, ...JSON_FLAG },
  examples: [{ line: 'signalbox dead-letters show ID', what: 'look before you redrive' }],
  async run({ flags, positionals, terminal }) {
    const hub = await findHub(flags, terminal);
    const id = encodeURIComponent(positionals[0]!);
    const letter = await hub.get<DeadLetterView>(`/dead-letters/${id}`);
    const signal =
      letter.kind === 'signal' ? await hub.get<QuarantinedDetailView>(`/quarantine/${id}`) : undefined;
    if (flags.json) return printJson(terminal, signal ? { ...letter, signal } : letter);
    terminal.print(describe(letter, signal, terminal));
  },
});

function describe(
  letter: DeadLetterView,
  signal: QuarantinedDetailView | undefined,
  terminal: Terminal,
): string {
  const fields = renderFields(
    [
      ['kind', letter.kind],
      ['integration', letter.integration],
      ['since', fullTime(letter.at, terminal.now())],
      ['reason', letter.reason],
      ['field', signal?.problem.field],
      ['receiver', letter.delivery?.receiver],
      ['attempts', letter.delivery ? `${letter.delivery.attempt_count}` : undefined],
      ['request', signal ? `${signal.request.method} ${signal.request.path}` : undefined],
      ['content type', signal?.request.content_type],
      ['id', letter.id],
    ],
    terminal,
  );
  if (!signal) return fields;
  const text = cleanText(Buffer.from(signal.request.body_base64, 'base64').toString('utf8'));
  const rest =
    text.length > SHOWN_CHARACTERS ? `\n… and ${text.length - SHOWN_CHARACTERS} more characters` : '';
  return `${fields}\n\n${text.slice(0, SHOWN_CHARACTERS)}${rest}`;
}
