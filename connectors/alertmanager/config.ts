import { Type, type Static } from '@signalbox/sdk';

/** The payload says everything else, and who may send is the integration's `auth`. */
export const config = Type.Object(
  {
    resolve_timeout_seconds: Type.Integer({
      description:
        'An alert that a client posts to API v2 without an end resolves this long after it was last repeated, as with Alertmanager’s `resolve_timeout`.',
      minimum: 1,
      maximum: 86_400 * 366,
      default: 300,
      examples: [300],
    }),
  },
  { additionalProperties: false },
);

export type AlertmanagerConfig = Static<typeof config>;
