/** The hub's own alerts and records carry this integration, so that routes can tell them apart. */
export const OWN_INTEGRATION = 'signalbox';
