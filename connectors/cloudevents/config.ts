import { mappingFields, Type, type Static } from '@signalbox/sdk';

/**
 * How an event becomes an alert. Expressions see `event` (all attributes by name, and `data`) and `data`. Without any setting the
 * rules of the README apply.
 */
export const config = Type.Object({ ...mappingFields }, { additionalProperties: false });

export type CloudEventsConfig = Static<typeof config>;
