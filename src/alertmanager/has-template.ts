/** An action of a Go template; a text without one is rendered as it is. */
export const GO_TEMPLATE_ACTION = /\{\{/;
