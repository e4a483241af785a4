import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { secret, Type, type Connector } from '@signalbox/sdk';
import type { Finding } from './finding.ts';
import { loadSettings, type LoadOptions, type LoadResult } from './load.ts';

/** Writes files to a folder that lives as long as the test; returns their paths in the given order. */
export function withFiles(t: TestContext, files: Readonly<Record<string, string>>): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-settings-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return Object.entries(files).map(([name, text]) => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  });
}

const about = { title: 'Test', summary: 'For tests.', version: '1.0.0' };

/** One connector that receives and one that delivers. */
export const TEST_CONNECTORS: readonly Connector[] = [
  { ...about, id: 'in', config: Type.Object({}), source: { parse: () => [] } },
  {
    ...about,
    id: 'out',
    config: Type.Object({
      url: Type.String({ description: 'Where to.', pattern: '^https?://', default: 'https://example.org' }),
      token: Type.Optional(secret({ description: 'A token.', minLength: 8 })),
      port: Type.Optional(Type.Integer({ description: 'A port.' })),
      template: Type.Optional(Type.String({ description: 'A text.', contentMediaType: 'text/x-liquid' })),
      map: Type.Optional(
        Type.Record(
          Type.String(),
          Type.String({ description: 'An expression.', contentMediaType: 'text/x-cel' }),
        ),
      ),
    }),
    notifier: {
      idempotency: 'none',
      deliver: () => Promise.resolve({ summary: 'ok' }),
      render: () => ({ contentType: 'text/plain', body: '' }),
    },
  },
];

/** The rest of a configuration that is whole: one source, one notifier, one receiver, one route. */
export const INTEGRATIONS = `integrations:
  prom: { connector: in }
  pager: { connector: out }
`;
export const REST = `receivers:
  on-call: [{ integration: pager }]
routes:
  receiver: on-call
`;

export async function load(
  t: TestContext,
  text: string,
  options: Partial<LoadOptions> & { readonly more?: Readonly<Record<string, string>> } = {},
): Promise<LoadResult> {
  const [file] = withFiles(t, { 'signalbox.yaml': text, ...options.more });
  return loadSettings({ files: [file!], env: {}, connectors: TEST_CONNECTORS, ...options });
}

/** `3:5 unknown_key`, for errors or warnings. */
export function brief(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ line, column, code }) => `${line}:${column} ${code}`);
}
