import { Type, type Static } from '@signalbox/sdk';
import type { Connector } from '@signalbox/sdk';
import { capabilitiesOf } from './present-integration.ts';

export const connectorSchema = Type.Object(
  {
    id: Type.String({ examples: ['slack'] }),
    title: Type.String({ examples: ['Slack'] }),
    summary: Type.String(),
    version: Type.String({ examples: ['1.0.0'] }),
    vendor_versions: Type.Optional(
      Type.String({ description: 'The vendor’s versions it was checked against.' }),
    ),
    capabilities: Type.Array(Type.String(), { examples: [['notifier', 'probe']] }),
    config_schema: Type.Unsafe<Readonly<Record<string, unknown>>>({
      type: 'object',
      additionalProperties: true,
      description: 'JSON Schema of `config`; `x-secret` marks fields that never leave the hub.',
    }),
  },
  { $id: 'Connector', description: 'Code for one external system.' },
);
export type ConnectorView = Static<typeof connectorSchema>;

export const brokenConnectorSchema = Type.Object(
  { id: Type.String(), reason: Type.String() },
  { $id: 'BrokenConnector', description: 'A connector that could not be loaded; the rest run.' },
);

export function presentConnector(connector: Connector): ConnectorView {
  return {
    id: connector.id,
    title: connector.title,
    summary: connector.summary,
    version: connector.version,
    ...(connector.vendorVersions !== undefined && { vendor_versions: connector.vendorVersions }),
    capabilities: capabilitiesOf(connector),
    config_schema: { ...connector.config },
  };
}
