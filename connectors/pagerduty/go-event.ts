import { hash } from 'node:crypto';
import { composeGo, shorten, type GoComposition, type GoRenderer, type Notification } from '@signalbox/sdk';
import type { PagerdutyConfig } from './config.ts';
import { EVENT_BYTES, SUMMARY_CHARACTERS, type PagerdutyEvent } from './event.ts';

type GoTemplates = NonNullable<PagerdutyConfig['go_templates']>;

/** Room for the routing key and the braces around it. */
const REST_BYTES = 1_024;
const TOO_LONG = 'The details were left out, because the event with them is larger than 512 KB.';

/**
 * An event as Alertmanager sends it, with the same deduplication key: what Alertmanager opened, the hub updates and resolves. Details that do not fit are
 * left out, as there, because an alert without details is better than none.
 */
export function composeGoEvent(
  notification: Notification,
  templates: GoTemplates,
): GoComposition<PagerdutyEvent> {
  return composeGo(notification, templates.definitions, (go) => {
    const text = (name: keyof GoTemplates): string =>
      go.text(templates[name] as string | undefined, fieldOf(name));
    const client = text('client');
    const event = {
      event_action: notification.status === 'firing' ? 'trigger' : 'resolve',
      dedup_key: hash('sha256', notification.groupKey, 'hex'),
      ...given({ client, client_url: text('client_url') }),
      payload: {
        summary: shorten(text('description'), SUMMARY_CHARACTERS),
        source: text('source') || client,
        severity: text('severity') || 'error',
        ...given({ class: text('class'), component: text('component'), group: text('group') }),
      },
      ...listed('images', imagesOf(templates, go)),
      ...listed('links', linksOf(templates, go)),
    } as const;
    const custom_details = go.structure(templates.details, fieldOf('details'));
    const whole = { ...event, payload: { ...event.payload, custom_details } };
    return Buffer.byteLength(JSON.stringify(whole)) <= EVENT_BYTES - REST_BYTES
      ? whole
      : { ...event, payload: { ...event.payload, custom_details: { error: TOO_LONG } } };
  });
}

function fieldOf(name: string): string {
  return `config.go_templates.${name}`;
}

/** A picture without an address, and a link without one, are left out as in Alertmanager. */
function imagesOf({ images }: GoTemplates, go: GoRenderer): NonNullable<PagerdutyEvent['images']> {
  return images
    .map(({ src, alt, href }, index) => ({
      src: go.text(src, fieldOf(`images[${index}].src`)),
      ...given({
        alt: go.text(alt, fieldOf(`images[${index}].alt`)),
        href: go.text(href, fieldOf(`images[${index}].href`)),
      }),
    }))
    .filter(({ src }) => src !== '');
}

function linksOf({ links }: GoTemplates, go: GoRenderer): NonNullable<PagerdutyEvent['links']> {
  return links
    .map(({ href, text }, index) => ({
      href: go.text(href, fieldOf(`links[${index}].href`)),
      ...given({ text: go.text(text, fieldOf(`links[${index}].text`)) }),
    }))
    .filter(({ href }) => href !== '');
}

function listed<K extends string, T>(name: K, items: readonly T[]): { readonly [key in K]?: readonly T[] } {
  return (items.length === 0 ? {} : { [name]: items }) as { readonly [key in K]?: readonly T[] };
}

/** Without what is empty. */
function given(values: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
}
