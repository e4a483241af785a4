import { shorten, type AnalysisSubject } from '@signalbox/sdk';
import type { Alert } from '../model/alert.ts';
import { maskValue } from './mask.ts';

const MAX_LABELS = 64;
const MAX_ANNOTATIONS = 32;
const MAX_LABEL_CHARACTERS = 500;
const MAX_ANNOTATION_CHARACTERS = 2_000;
/** As the SDK promises it. */
const FACTS_BYTES = 16 * 1024;

/**
 * What is shown of an alert to a machine outside: masked, cut and bounded. What enrichment found is left out when it is too long. Pure.
 *
 * @param redact takes out the secrets of the configuration
 */
export function showAlert(alert: Alert, redact: (text: string) => string): AnalysisSubject {
  const { status, fingerprint, integration } = alert;
  // What was made by one machine is no ground for another.
  const { analysis: _, missing: __, ...facts } = alert.facts ?? {};
  const { context: ___, ...short } = facts;
  const shown = mask(facts, redact);
  return {
    alert: {
      labels: maskTexts(alert.labels, redact, MAX_LABELS, MAX_LABEL_CHARACTERS),
      annotations: maskTexts(alert.annotations, redact, MAX_ANNOTATIONS, MAX_ANNOTATION_CHARACTERS),
      severity: shorten(alert.severity, MAX_LABEL_CHARACTERS),
      status,
      startsAt: new Date(alert.startsAt).toISOString(),
      fingerprint,
      integration,
    },
    facts: Buffer.byteLength(JSON.stringify(shown)) <= FACTS_BYTES ? shown : mask(short, redact),
  };
}

function mask(value: object, redact: (text: string) => string): Readonly<Record<string, unknown>> {
  return maskValue(value, redact) as Readonly<Record<string, unknown>>;
}

/** Cut first, so that masking takes no longer than it may; what is cut off a secret would not be recognized, so a cut word goes as well. */
function maskTexts(
  texts: Readonly<Record<string, string>>,
  redact: (text: string) => string,
  most: number,
  maxCharacters: number,
): Readonly<Record<string, string>> {
  const cut = Object.entries(texts)
    .slice(0, most)
    .map(([name, text]) => [name, text.length > maxCharacters ? cutWord(text, maxCharacters) : text]);
  return mask(Object.fromEntries(cut), redact) as Readonly<Record<string, string>>;
}

function cutWord(text: string, maxCharacters: number): string {
  return `${text.slice(0, maxCharacters).replace(/\S+$/, '')}…`;
}
