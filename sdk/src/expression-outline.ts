import type { ASTNode } from '@marcbachmann/cel-js';

/** A field by its path from a variable: `['alert', 'labels', 'team']`. */
export type FieldPath = readonly string[];

/** A field that must have one of these texts, or the expression is not true. */
export interface Demand {
  readonly path: FieldPath;
  readonly values: readonly string[];
}

/**
 * What can be said of a condition without evaluating it, so that many conditions can be told apart by cheap comparisons, and one that can never hold
 * is found before it is used.
 */
export interface Outline {
  /** Every field that it names, each as far as it is written out. Variables of loops are among them under their own name. */
  readonly reads: readonly FieldPath[];
  /** All of these are needed. */
  readonly demands: readonly Demand[];
  /** Whether the demands are the whole condition. */
  readonly isWhole: boolean;
  /** Two demands contradict each other, or a part that is always needed is written as `false`. */
  readonly isNever: boolean;
}

export function outlineOf(ast: ASTNode): Outline {
  const parts = partsOf(ast);
  const found = parts.map(demandOf);
  const demands = found.filter((demand) => demand !== undefined);
  return {
    reads: readsOf(ast),
    demands,
    isWhole: demands.length === parts.length,
    isNever: parts.some(isFalse) || contradicts(demands),
  };
}

/** The field that a node names, if it does nothing else. */
export function pathOf(node: ASTNode): FieldPath | undefined {
  if (node.op === 'id') return [node.args];
  if (node.op === '.') return append(node.args[0], node.args[1]);
  if (node.op !== '[]') return undefined;
  const [map, key] = node.args;
  return isText(key) ? append(map, key.args) : undefined;
}

function append(node: ASTNode, key: string): FieldPath | undefined {
  const path = pathOf(node);
  return path && [...path, key];
}

type Text = ASTNode & { readonly op: 'value'; readonly args: string };

function isText(node: ASTNode): node is Text {
  return node.op === 'value' && typeof node.args === 'string';
}

function isFalse(node: ASTNode): boolean {
  if (node.op === 'value') return node.args === false;
  if (node.op !== '==' || !isText(node.args[0]) || !isText(node.args[1])) return false;
  return node.args[0].args !== node.args[1].args;
}

/** What is joined by `&&`. */
function partsOf(node: ASTNode): readonly ASTNode[] {
  return node.op === '&&' ? node.args.flatMap(partsOf) : [node];
}

/** `field == "text"` either way round, `field in ["a", "b"]`, and several of them for one field joined by `||`. */
function demandOf(node: ASTNode): Demand | undefined {
  switch (node.op) {
    case '==': {
      const [left, right] = node.args;
      if (isText(right)) return demandFor(left, [right.args]);
      return isText(left) ? demandFor(right, [left.args]) : undefined;
    }
    case 'in': {
      const [field, list] = node.args;
      if (list.op !== 'list' || !list.args.every(isText)) return undefined;
      return demandFor(
        field,
        list.args.map((item) => item.args),
      );
    }
    case '||': {
      const [left, right] = node.args.map(demandOf);
      if (!left || !right || !isSame(left.path, right.path)) return undefined;
      return { path: left.path, values: [...left.values, ...right.values] };
    }
    default:
      return undefined;
  }
}

function demandFor(field: ASTNode, values: readonly string[]): Demand | undefined {
  const path = pathOf(field);
  return path && path.length > 0 ? { path, values } : undefined;
}

function contradicts(demands: readonly Demand[]): boolean {
  return demands.some(
    ({ path, values }, index) =>
      values.length === 0 ||
      demands
        .slice(index + 1)
        .some((other) => isSame(path, other.path) && !other.values.some((value) => values.includes(value))),
  );
}

function isSame(left: FieldPath, right: FieldPath): boolean {
  return left.length === right.length && left.every((part, index) => part === right[index]);
}

function readsOf(node: ASTNode): readonly FieldPath[] {
  const path = pathOf(node);
  if (path) return [path];
  return nodesIn(node.args).flatMap(readsOf);
}

/** A node's arguments are nodes, names, and lists of them. */
function nodesIn(args: unknown): readonly ASTNode[] {
  if (Array.isArray(args)) return args.flatMap(nodesIn);
  const isNode = typeof args === 'object' && args !== null && 'op' in args && 'args' in args;
  return isNode ? [args as ASTNode] : [];
}
