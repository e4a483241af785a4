import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { AlertSnapshot } from '../enricher.ts';
import type { AlertData } from '../event.ts';
import type { FaultCode } from '../fault.ts';
import type { Notification } from '../notification.ts';
import type { SourceRequest } from '../connector.ts';
import type { WorkflowStart } from '../workflow.ts';
import type { FakeAnswer } from './fake-server.ts';

type Fields = Readonly<Record<string, unknown>>;

/** `fixtures/source/<case>/`: request.json, expected.json, and config.json for settings that differ from the test's. */
export interface SourceCase {
  readonly name: string;
  readonly request: SourceRequest;
  readonly config: Fields;
  readonly expected:
    | readonly AlertData[]
    | { readonly fault: { readonly code: FaultCode; readonly field?: string } };
}

/** What `fixtures/notifier/<case>/request.json` says; a list when the notifier sends several requests. */
export interface ExpectedRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Only these headers are compared. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** `fixtures/notifier/<case>/`: notification.json, request.json, and optionally response.json and config.json. */
export interface NotifierCase {
  readonly name: string;
  readonly notification: Notification;
  readonly config: Fields;
  /** Absent for a notifier that does not speak HTTP. */
  readonly requests?: readonly ExpectedRequest[];
  readonly response: Exclude<FakeAnswer, 'silent'>;
}

/**
 * `fixtures/enricher/<case>/`: alert.json with what differs from the sample alert, expected.json with what is found (or `{ "fault": { "code" } }`), and optionally config.json,
 * request.json and response.json. `expected` is absent when nothing is asked about the alert.
 */
export interface EnricherCase {
  readonly name: string;
  readonly alert: Partial<AlertSnapshot>;
  readonly config: Fields;
  readonly expected?: Fields;
  /** What is sent for it, in no order; empty for an enricher that answers out of its memory. */
  readonly requests: readonly ExpectedRequest[];
  readonly response: Exclude<FakeAnswer, 'silent'>;
}

/**
 * `fixtures/analyst/<case>/` and `fixtures/scorer/<case>/`: expected.json with what is made of it (or `{ "fault": { "code" } }`), and optionally alert.json with what differs from the
 * sample alert, facts.json, config.json, request.json and response.json.
 */
export interface AnalystCase {
  readonly name: string;
  readonly alert: Partial<AlertSnapshot>;
  readonly facts: Fields;
  readonly config: Fields;
  readonly expected: Fields;
  readonly requests: readonly ExpectedRequest[];
  readonly response: Exclude<FakeAnswer, 'silent'>;
}

/**
 * `fixtures/directory/<case>/`: expected.json with the page (or `{ "fault": { "code" } }`), and optionally input.json with the `cursor`, config.json, request.json and response.json.
 */
export interface DirectoryCase {
  readonly name: string;
  readonly cursor?: string;
  readonly config: Fields;
  readonly expected: Fields;
  readonly requests: readonly ExpectedRequest[];
  readonly response: Exclude<FakeAnswer, 'silent'>;
}

export function readDirectoryCases(folder: string): readonly DirectoryCase[] {
  return listCases(join(folder, 'fixtures', 'directory')).map((path) => ({
    name: nameOf(path),
    ...(readOptional(path, 'input.json') as Pick<DirectoryCase, 'cursor'>),
    config: readOptional(path, 'config.json') as Fields,
    expected: readJson(path, 'expected.json') as Fields,
    requests: existsSync(join(path, 'request.json'))
      ? ([readJson(path, 'request.json')].flat() as ExpectedRequest[])
      : [],
    response: { body: {}, ...(readOptional(path, 'response.json') as DirectoryCase['response']) },
  }));
}

export function readAnalystCases(folder: string, capability: 'analyst' | 'scorer'): readonly AnalystCase[] {
  return listCases(join(folder, 'fixtures', capability)).map((path) => ({
    name: nameOf(path),
    alert: readOptional(path, 'alert.json') as Partial<AlertSnapshot>,
    facts: readOptional(path, 'facts.json') as Fields,
    config: readOptional(path, 'config.json') as Fields,
    expected: readJson(path, 'expected.json') as Fields,
    requests: existsSync(join(path, 'request.json'))
      ? ([readJson(path, 'request.json')].flat() as ExpectedRequest[])
      : [],
    response: { body: {}, ...(readOptional(path, 'response.json') as AnalystCase['response']) },
  }));
}

/**
 * `fixtures/workflow/<case>/`: request.json and expected.json with the `reference` (null for none; or `{ "fault": { "code" } }`), and optionally start.json with what differs from
 * the sample start, config.json, response.json, and status.json with `reference`, `request`, `response` and `expected` of the question how it goes on.
 */
export interface WorkflowCase {
  readonly name: string;
  readonly start: Partial<WorkflowStart>;
  readonly config: Fields;
  readonly expected: Fields;
  readonly requests: readonly ExpectedRequest[];
  readonly response: Exclude<FakeAnswer, 'silent'>;
  readonly status?: {
    readonly reference: string;
    readonly requests: readonly ExpectedRequest[];
    readonly response: Exclude<FakeAnswer, 'silent'>;
    readonly expected: Fields;
  };
}

export function readWorkflowCases(folder: string): readonly WorkflowCase[] {
  return listCases(join(folder, 'fixtures', 'workflow')).map((path) => {
    const asked = existsSync(join(path, 'status.json'))
      ? (readJson(path, 'status.json') as {
          readonly reference: string;
          readonly request: ExpectedRequest;
          readonly response: WorkflowCase['response'];
          readonly expected: Fields;
        })
      : undefined;
    return {
      name: nameOf(path),
      start: readOptional(path, 'start.json') as Partial<WorkflowStart>,
      config: readOptional(path, 'config.json') as Fields,
      expected: readJson(path, 'expected.json') as Fields,
      requests: existsSync(join(path, 'request.json'))
        ? ([readJson(path, 'request.json')].flat() as ExpectedRequest[])
        : [],
      response: { body: {}, ...(readOptional(path, 'response.json') as WorkflowCase['response']) },
      ...(asked
        ? {
            status: {
              reference: asked.reference,
              requests: [asked.request],
              response: asked.response,
              expected: asked.expected,
            },
          }
        : {}),
    };
  });
}

export function readEnricherCases(folder: string): readonly EnricherCase[] {
  return listCases(join(folder, 'fixtures', 'enricher')).map((path) => ({
    name: nameOf(path),
    alert: readOptional(path, 'alert.json') as Partial<AlertSnapshot>,
    config: readOptional(path, 'config.json') as Fields,
    requests: existsSync(join(path, 'request.json'))
      ? ([readJson(path, 'request.json')].flat() as ExpectedRequest[])
      : [],
    response: { body: {}, ...(readOptional(path, 'response.json') as EnricherCase['response']) },
    ...(existsSync(join(path, 'expected.json'))
      ? { expected: readJson(path, 'expected.json') as Fields }
      : {}),
  }));
}

export function readSourceCases(folder: string): readonly SourceCase[] {
  return listCases(join(folder, 'fixtures', 'source')).map((path) => {
    const request = readJson(path, 'request.json') as Partial<SourceRequest>;
    return {
      name: nameOf(path),
      config: readOptional(path, 'config.json') as Fields,
      expected: readJson(path, 'expected.json') as SourceCase['expected'],
      request: {
        method: 'POST',
        path: '/hooks/test',
        query: {},
        headers: {},
        contentType: 'application/json',
        body: undefined,
        ...request,
      },
    };
  });
}

export function readNotifierCases(folder: string): readonly NotifierCase[] {
  return listCases(join(folder, 'fixtures', 'notifier')).map((path) => {
    const requests = existsSync(join(path, 'request.json'))
      ? [readJson(path, 'request.json')].flat()
      : undefined;
    return {
      name: nameOf(path),
      config: readOptional(path, 'config.json') as Fields,
      notification: readJson(path, 'notification.json') as Notification,
      response: { body: {}, ...(readOptional(path, 'response.json') as NotifierCase['response']) },
      ...(requests ? { requests: requests as ExpectedRequest[] } : {}),
    };
  });
}

function listCases(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name))
    .toSorted();
}

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

function readOptional(folder: string, name: string): unknown {
  return existsSync(join(folder, name)) ? readJson(folder, name) : {};
}

function readJson(folder: string, name: string): unknown {
  return JSON.parse(readFileSync(join(folder, name), 'utf8'));
}
