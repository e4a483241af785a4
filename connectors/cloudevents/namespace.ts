import {
  readObject,
  readOptionalText,
  readText,
  readTexts,
  readTime,
  wrongShape,
  type NamespaceStatement,
} from '@signalbox/sdk';
import type { CloudEvent } from './event.ts';

/** An event of this type tells of a namespace and of no alert (BR-AP-029). */
export const NAMESPACE_EVENT = 'signalbox.namespace.v1';

/** `data`: `{ "what": "present" | "deleted", "cluster", "namespace", "labels"?, "uid"?, "created_at"? }`; `index` is its place in the batch. */
export function readNamespaceStatement({ data }: CloudEvent, index: number): NamespaceStatement {
  const path = `[${index}].data`;
  const fields = readObject(data, path);
  const { what } = fields;
  const uid = readOptionalText(fields['uid'], `${path}.uid`);
  const key = {
    cluster: readText(fields['cluster'], `${path}.cluster`),
    namespace: readText(fields['namespace'], `${path}.namespace`),
    ...(uid === undefined ? {} : { uid }),
  };
  if (what === 'deleted') return { ...key, what };
  if (what !== 'present') throw wrongShape(`${path}.what`, '"present" or "deleted"');
  const createdAt = readTime(fields['created_at'], `${path}.created_at`);
  return {
    ...key,
    what,
    labels: readTexts(fields['labels'] ?? {}, `${path}.labels`),
    ...(createdAt === undefined ? {} : { createdAt }),
  };
}
