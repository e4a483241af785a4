import { createGoTemplates } from '../template-set.ts';
import type { Case } from './corpus.ts';
import { SAMPLE } from './sample.ts';

/** A file of definitions, as `templates:` names them. */
export const SAMPLE_FILE = '{{ define "helper" }}({{ . }}){{ end }}\ntop of the file {{ .Status }}\n';

const templates = createGoTemplates([{ name: 'sample.tmpl', source: SAMPLE_FILE }]);

/** What ours makes of a template; `refused` when it can't be compiled or rendered. */
export function renderCase({ text, as = 'text' }: Case): string {
  try {
    const rendering = templates.compile(text, { as }).render(SAMPLE);
    return rendering.ok ? rendering.text : 'refused';
  } catch {
    return 'refused';
  }
}
