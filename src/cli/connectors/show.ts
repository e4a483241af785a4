import { listFields, SECRET, type Connector, type FieldDoc } from '@signalbox/sdk';
import { presentConnector } from '../../api/views/present-connector.ts';
import { capabilitiesOf } from '../../api/views/present-integration.ts';
import { loadConnectors } from '../../host/load-connectors.ts';
import { readExternalConnectors } from '../../settings/load.ts';
import { defineCommand } from '../command.ts';
import { CONFIG_FLAGS, JSON_FLAG } from '../flags.ts';
import { configFiles } from '../read-settings.ts';
import { renderFields, renderTable } from '../table.ts';
import { printJson, type Terminal } from '../terminal.ts';
import { findConnector } from './find-connector.ts';

export default defineCommand({
  description: [
    'Shows what a connector can do and its settings, which stand under `config` of an integration.',
  ],
  positionals: [{ name: 'ID', description: 'As "signalbox connectors" shows it' }],
  flags: { ...CONFIG_FLAGS, ...JSON_FLAG },
  examples: [{ line: 'signalbox connectors show slack', what: 'its settings' }],
  async run({ flags, positionals, terminal }) {
    const source = { files: configFiles(flags.config), env: process.env, profile: flags.profile };
    const loaded = await loadConnectors({ external: await readExternalConnectors(source) });
    const connector = findConnector(loaded, positionals[0]!);
    if (flags.json) return printJson(terminal, presentConnector(connector));
    terminal.print(describe(connector, terminal));
  },
});

function describe(connector: Connector, terminal: Terminal): string {
  const types = connector.source ? (connector.source.contentTypes ?? ['application/json']) : [];
  const fields = renderFields(
    [
      ['connector', { text: connector.id, style: 'bold' }],
      ['title', connector.title],
      ['what', connector.summary],
      ['can', capabilitiesOf(connector).join(', ')],
      ['takes', types.join(', ')],
      ['version', connector.version],
      ['checked against', connector.vendorVersions],
      ['suggested auth', suggestedAuth(connector)],
    ],
    terminal,
  );
  const docs = listFields(connector.config);
  if (docs.length === 0) return `${fields}\n\nIt has no settings.`;
  const columns = [
    { title: 'SETTING' },
    { title: 'TYPE', isFlexible: true },
    { title: 'DEFAULT', isFlexible: true },
    { title: 'MEANING', isFlexible: true },
  ];
  return `${fields}\n\n${renderTable(columns, docs.map(rowOf), terminal)}`;
}

function rowOf({ path, field, required }: FieldDoc): readonly string[] {
  const type = field.enum ? field.enum.join(' or ') : (field.type ?? 'several');
  return [
    path,
    field[SECRET] ? `${type}, secret` : type,
    field.default === undefined ? (required ? 'required' : '') : textOf(field.default),
    field.description ?? '',
  ];
}

function suggestedAuth({ source }: Connector): string | undefined {
  return source?.suggestedAuth && JSON.stringify(source.suggestedAuth);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
