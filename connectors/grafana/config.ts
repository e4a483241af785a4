import { Type } from '@signalbox/sdk';

/** Nothing to set: the payload says everything, and who may send is the integration's `auth`. */
export const config = Type.Object({}, { additionalProperties: false });
