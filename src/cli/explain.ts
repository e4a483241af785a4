import type { ExplanationView } from '../api/views/present-explanation.ts';
import { defineCommand } from './command.ts';
import { explanationText } from './explanation-text.ts';
import { findHub } from './find-hub.ts';
import { HUB_FLAGS, JSON_FLAG } from './flags.ts';
import { printJson } from './terminal.ts';

export default defineCommand({
  description: [
    'Answers why an alert was or was not told: in one sentence first, then everything that happened to it in the order of the flow, every message with its attempts, and what happens next and when.',
  ],
  positionals: [{ name: 'FINGERPRINT', description: 'As "signalbox alerts" shows it' }],
  flags: {
    tenant: { type: 'string', description: 'The tenant that it belongs to', hint: 'NAME' },
    ...HUB_FLAGS,
    ...JSON_FLAG,
  },
  examples: [{ line: 'signalbox explain 5ef77f1f8a3ecfd7', what: 'why was nobody paged?' }],
  async run({ flags, positionals, terminal }) {
    const hub = await findHub(flags, terminal);
    const path = `/alerts/${encodeURIComponent(positionals[0]!)}/explain`;
    const explanation = await hub.get<ExplanationView>(path, { tenant: flags.tenant });
    if (flags.json) return printJson(terminal, explanation);
    terminal.print(explanationText(explanation, terminal));
  },
});
