import { cleanText } from '../sanitise.ts';
import type { MediaType } from '../media-type.ts';
import { decodeForm } from './form.ts';
import { decodeJson } from './json.ts';
import { decodeText, malformed, type Decoded } from './text.ts';
import { decodeXml } from './xml.ts';
import { decodeYaml } from './yaml.ts';

/** A body of a media type as plain data (BR-WH-018): bounded in depth, clean text, no tricks with prototypes. */
export function decodeBody(body: Buffer, mediaType: MediaType, depth: number): Decoded<unknown> {
  if (body.length === 0 && mediaType.format !== 'text') return malformed('The body is empty.');
  const text = decodeText(body);
  if ('problem' in text) return text;
  switch (mediaType.format) {
    case 'json':
      return decodeJson(text.value, depth, text.value.length === body.length);
    case 'xml':
      return decodeXml(text.value, depth);
    case 'yaml':
      return decodeYaml(text.value, depth);
    case 'form':
      return decodeForm(text.value, depth);
    case 'text':
      return { value: cleanText(text.value) };
  }
}
