import { isFault } from '@signalbox/sdk';
import { parseMediaType } from '../intake/media-type.ts';
import { convert, FORMATS, type Format } from '../normalise/convert.ts';
import { CommandError } from './command-error.ts';
import { defineCommand } from './command.ts';
import { readPayload } from './read-payload.ts';

export default defineCommand({
  description: [
    'Prints a document of JSON, XML or YAML in another of these formats, as the hub itself reads and writes them: `@name` is an attribute of XML, `#text` the text beside attributes, a list a repeated element.',
    'JSON and YAML hold the same. XML knows no types: numbers, true and false become text, null an empty text, a list with one item that item, an empty list nothing.',
    'Exit code 1 when the document is broken or can not be said in that format.',
  ],
  positionals: [{ name: 'FILE', description: 'The document, or `-` for standard input' }],
  flags: {
    to: {
      type: 'string',
      description: `The format to print: ${FORMATS.join(', ')}; default \`json\``,
      hint: 'FORMAT',
    },
    'content-type': {
      type: 'string',
      description: 'What the document is; default by the name of the file, JSON in doubt',
      hint: 'TYPE',
    },
    root: {
      type: 'string',
      description: 'The element around a value that has not exactly one field, for XML',
      hint: 'NAME',
    },
  },
  examples: [
    { line: 'signalbox convert payload.xml', what: 'what will the hub see?' },
    { line: 'signalbox convert signal.json --to xml --root alert', what: 'as XML' },
  ],
  async run({ flags, positionals, terminal }) {
    const to = (flags.to ?? 'json') as Format;
    if (!FORMATS.includes(to))
      throw new CommandError('usage', `--to expects ${FORMATS.join(', ')}, not "${to}"`);
    const { body, contentType } = readPayload(positionals[0]!, flags['content-type']);
    const mediaType = parseMediaType(contentType);
    if (!mediaType)
      throw new CommandError('usage', `--content-type expects a media type, not "${contentType}"`);
    try {
      const converted = convert(body, mediaType, to, flags.root);
      if ('problem' in converted) throw new CommandError('failed', converted.problem.detail);
      terminal.print(converted.value.trimEnd());
      return 0;
    } catch (error) {
      if (isFault(error)) throw new CommandError('failed', error.message, { cause: error });
      throw error;
    }
  },
});
