import {
  cleanLine,
  compileTemplate,
  Fault,
  shorten,
  type Workflow,
  type WorkflowStart,
  type WorkflowStatus,
} from '@signalbox/sdk';
import type { WorkflowHttpConfig } from './config.ts';
import { readPointer } from './json-pointer.ts';

const MAX_URL_CHARACTERS = 2_000;
const MAX_REFERENCE_CHARACTERS = 500;
const MAX_WORDS_CHARACTERS = 500;
const PLACE_OF_REFERENCE = /\{\{\s*reference\s*\}\}/g;
/** A value `..` must not lead to another path; escaping leaves dots as they are. */
const DOT_SEGMENT = /\/(?:\.|%2e){1,2}(?:[/?#]|$)/i;

export const workflow: Workflow<WorkflowHttpConfig> = {
  idempotency: 'key',

  async start(start, { config, http }) {
    const answer = await http.request({
      method: config.method,
      url: addressOf(start, config),
      headers: { ...headersOf(config), 'content-type': 'application/json' },
      body: bodyOf(start, config),
      idempotencyHeader: config.idempotency_header,
      accept: config.already_started,
    });
    const again = config.already_started.includes(answer.status) ? ', started by an earlier attempt' : '';
    const reference = referenceOf(start, answer, config);
    return { summary: `HTTP ${answer.status}${again}`, ...(reference === undefined ? {} : { reference }) };
  },

  watches: (config) => config.status !== undefined,

  async status(reference, { config, http }) {
    const { status } = config;
    if (!status)
      throw new Fault('SB_CONFIG', 'give `status`, so that runs can be asked after', {
        field: 'config.status',
      });
    const answer = await http.request({
      method: 'GET',
      url: checkAddress(
        status.url.replaceAll(PLACE_OF_REFERENCE, encodeURIComponent(reference)),
        'config.status.url',
      ),
      headers: headersOf(config),
    });
    const body = answer.json();
    const said = textOf(readPointer(body, status.pointer));
    if (said === undefined)
      throw new Fault(
        'SB_UNAVAILABLE',
        `the answer has no state at ${status.pointer}, see \`status.pointer\``,
      );
    const detail =
      status.words_pointer === undefined ? undefined : textOf(readPointer(body, status.words_pointer));
    const words = [said, detail].filter((text) => text !== undefined).join(': ');
    return { state: stateOf(said, status), words: shorten(cleanLine(words), MAX_WORDS_CHARACTERS) };
  },
};

function addressOf(start: WorkflowStart, { url: source }: WorkflowHttpConfig): string {
  const field = 'config.url';
  const template = compileTemplate(source, { field, escape: encodeURIComponent });
  const rendering = template.render(start, { alert: start.alerts[0] });
  if (!rendering.ok)
    throw new Fault('SB_REJECTED', `the address can't be filled in: ${rendering.problem}`, { field });
  return checkAddress(rendering.text, field);
}

function checkAddress(url: string, field: string): string {
  if (url.length > MAX_URL_CHARACTERS || DOT_SEGMENT.test(url))
    throw new Fault('SB_REJECTED', 'the address that was filled in is too long or leads to another path', {
      field,
    });
  return url;
}

function bodyOf(start: WorkflowStart, { body }: WorkflowHttpConfig): string {
  if (body === undefined) {
    const { run, alerts, priority, tenant, createdAt, externalURL } = start;
    return JSON.stringify({ ...run, alerts, priority, tenant, createdAt, externalURL });
  }
  const rendering = compileTemplate(body, { field: 'config.body' }).render(start, { alert: start.alerts[0] });
  const problem = rendering.ok ? problemOf(rendering.text) : rendering.problem;
  // An engine that is given half of what it needs does harm, so there is no default to fall back to.
  if (problem !== undefined)
    throw new Fault('SB_REJECTED', `the body can't be filled in: ${problem}`, { field: 'config.body' });
  return rendering.ok ? rendering.text : '';
}

function problemOf(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    return 'it is not JSON; write values with `| json`';
  }
}

function referenceOf(
  start: WorkflowStart,
  answer: { json(): unknown },
  { reference_pointer: pointer, reference_template: template }: WorkflowHttpConfig,
): string | undefined {
  if (template !== undefined) {
    const field = 'config.reference_template';
    const rendering = compileTemplate(template, { field }).render(start, { alert: start.alerts[0] });
    return rendering.ok ? shorten(rendering.text.trim(), MAX_REFERENCE_CHARACTERS) : undefined;
  }
  if (pointer === undefined) return undefined;
  // It runs, whatever the answer looks like: without a reference nobody can ask after it, and that is said.
  const reference = textOf(readPointer(jsonOf(answer), pointer));
  return reference === undefined || reference.length > MAX_REFERENCE_CHARACTERS ? undefined : reference;
}

function jsonOf(answer: { json(): unknown }): unknown {
  try {
    return answer.json();
  } catch {
    return undefined;
  }
}

function stateOf(
  said: string,
  { succeeded, failed }: NonNullable<WorkflowHttpConfig['status']>,
): WorkflowStatus['state'] {
  const among = (values: readonly string[]) =>
    values.some((value) => value.toLowerCase() === said.toLowerCase());
  if (among(succeeded)) return 'succeeded';
  return among(failed) ? 'failed' : 'running';
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

function headersOf(config: WorkflowHttpConfig): Readonly<Record<string, string>> {
  return { accept: 'application/json', ...authorization(config), ...config.headers };
}

function authorization(config: WorkflowHttpConfig): Readonly<Record<string, string>> {
  if (config.bearer_token !== undefined) return { authorization: `Bearer ${config.bearer_token}` };
  if (config.username === undefined || config.password === undefined) return {};
  const credentials = Buffer.from(`${config.username}:${config.password}`).toString('base64');
  return { authorization: `Basic ${credentials}` };
}
