import { RE2JS } from 're2js';
import type { Certainty, Finding } from './classification.ts';
import type { Standard } from './rules.ts';

export interface CompiledStandard {
  readonly standard: Standard;
  readonly pattern?: RE2JS;
  readonly except?: RE2JS;
  readonly segments: readonly (RE2JS | undefined)[];
}

/** What a standard is held against. */
export interface Named {
  readonly namespace: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly environment: string;
  readonly certainty: Certainty;
}

/** RFC 1123 labels, which Kubernetes asks of namespaces (https://kubernetes.io/docs/concepts/overview/working-with-objects/names/). */
const DNS_LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
const MAX_CHARS = 63;
/** What Kubernetes itself makes; all else that begins with `kube-` is reserved. */
const SYSTEM = new Set(['kube-system', 'kube-public', 'kube-node-lease']);

export function compileStandards(standards: readonly Standard[]): readonly CompiledStandard[] {
  return standards.map((standard) => ({
    standard,
    ...(standard.pattern === undefined ? {} : { pattern: whole(standard.pattern) }),
    ...(standard.except === undefined ? {} : { except: whole(standard.except) }),
    segments: (standard.segments ?? []).map(({ pattern }) =>
      pattern === undefined ? undefined : whole(pattern),
    ),
  }));
}

function whole(pattern: string): RE2JS {
  return RE2JS.compile(`^(?:${pattern})$`);
}

/** All breaches, of the standards of Kubernetes first. */
export function checkStandards(standards: readonly CompiledStandard[], named: Named): readonly Finding[] {
  return [
    ...checkKubernetes(named.namespace),
    ...standards
      .filter(({ standard: { environments }, except }) => {
        const isMeant = environments === undefined || environments.includes(named.environment);
        return isMeant && !except?.test(named.namespace);
      })
      .flatMap((compiled) => checkStandard(compiled, named)),
  ];
}

function checkKubernetes(name: string): readonly Finding[] {
  if (name.length > MAX_CHARS || !DNS_LABEL.test(name)) {
    const message =
      name.length > MAX_CHARS ? `the name has ${name.length} characters` : 'the name is no DNS label';
    const advice = `Kubernetes takes up to ${MAX_CHARS} letters in lower case, digits and "-", with a letter or digit at both ends.`;
    return [{ standard: 'kubernetes-name', message, advice }];
  }
  if (!name.startsWith('kube-') || SYSTEM.has(name)) return [];
  return [
    {
      standard: 'kubernetes-prefix',
      message: 'the name begins with "kube-"',
      advice: 'The prefix is reserved for Kubernetes; choose another one.',
    },
  ];
}

function checkStandard({ standard, pattern, segments }: CompiledStandard, named: Named): readonly Finding[] {
  const { id, max_length: maxLength = Infinity, required_labels: required = [] } = standard;
  const { namespace, labels = {}, certainty } = named;
  const messages: string[] = [];
  if (pattern && !pattern.test(namespace)) messages.push(`the name does not match ${standard.pattern}`);
  if (namespace.length > maxLength) {
    messages.push(`the name has ${namespace.length} characters, more than ${maxLength}`);
  }
  messages.push(...checkSegments(standard, segments, namespace));
  const missing = required.filter((label) => (labels[label] ?? '') === '');
  if (missing.length > 0) messages.push(`labels are missing: ${missing.join(', ')}`);
  if (standard.needs_environment && certainty !== 'certain') messages.push(`the environment is ${certainty}`);
  const advice = standard.description ?? 'Rename the namespace or correct its labels.';
  return messages.map((message) => ({ standard: id, message, advice }));
}

function checkSegments(
  { segments }: Standard,
  patterns: readonly (RE2JS | undefined)[],
  namespace: string,
): readonly string[] {
  if (!segments) return [];
  const parts = namespace.split('-');
  if (parts.length !== segments.length) {
    const shape = segments.map(({ name }) => `<${name}>`).join('-');
    return [`the name has ${parts.length} parts, not the ${segments.length} of ${shape}`];
  }
  return segments.flatMap(({ name, values, pattern }, index) => {
    const part = parts[index]!;
    if (values && !values.includes(part)) {
      return [`part ${index + 1}, the ${name}, is "${part}", not one of ${values.join(', ')}`];
    }
    if (patterns[index]?.test(part) === false) {
      return [`part ${index + 1}, the ${name}, is "${part}" and does not match ${pattern}`];
    }
    return [];
  });
}
