import type { ASTNode } from '@marcbachmann/cel-js';

/** A field by its path from a variable: `['alert', 'labels', 'team']`. */
export type FieldPath = readonly string[];

/** A field that must have one of these texts, or the expression is not true. */
export interface Demand {
  readonly path: FieldPath;
  readonly values: readonly string[];
}

/** Something about the text of one field, or several such joined; it says what the part of the expression says that it stands for. */
export type TextTest =
  | { readonly kind: TextComparison; readonly path: FieldPath; readonly values: readonly string[] }
  | { readonly kind: 'all' | 'any'; readonly tests: readonly TextTest[] }
  | { readonly kind: 'not'; readonly test: TextTest };

/** `in` is one of the values; the others look for the only one. */
export type TextComparison = 'in' | 'startsWith' | 'endsWith' | 'contains';

/**
 * What can be said of a condition without evaluating it, so that many conditions can be told apart by cheap comparisons, and one that can never hold
 * is found before it is used.
 */
export interface Outline {
  /** Every field that it names, each as far as it is written out. Variables of loops are among them under their own name. */
  readonly reads: readonly FieldPath[];
  /** Parts joined by `&&` that only look at texts: of fields of blank maps, which are always texts. All are needed. */
  readonly tests: readonly TextTest[];
  /** Whether the tests are the whole condition. */
  readonly isWhole: boolean;
  /** Fields that need one of some texts. */
  readonly demands: readonly Demand[];
  /** Two demands contradict each other, or a part that is always needed is written as `false`. */
  readonly isNever: boolean;
}

/** @param blank the maps of texts, as in the options of `compileExpression` */
export function outlineOf(ast: ASTNode, blank: readonly string[] = []): Outline {
  const isTextField = (path: FieldPath): boolean => blank.includes(path.slice(0, -1).join('.'));
  const parts = partsOf(ast);
  const tests = parts.map((part) => testOf(part, isTextField)).filter((found) => found !== undefined);
  const demands = parts.map(demandOf).filter((found) => found !== undefined);
  return {
    reads: readsOf(ast),
    tests,
    isWhole: tests.length === parts.length,
    demands,
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

/** What a part says about texts, when it says nothing else. */
function testOf(node: ASTNode, isTextField: (path: FieldPath) => boolean): TextTest | undefined {
  switch (node.op) {
    case '!_': {
      const test = testOf(node.args, isTextField);
      return test && { kind: 'not', test };
    }
    case '!=': {
      const found = equalityOf(node.args);
      return found && isTextField(found.path) ? { kind: 'not', test: { kind: 'in', ...found } } : undefined;
    }
    case '&&':
    case '||': {
      const tests = node.args.map((part) => testOf(part, isTextField));
      if (!tests.every((test) => test !== undefined)) return undefined;
      return { kind: node.op === '&&' ? 'all' : 'any', tests };
    }
    case '==':
    case 'in': {
      const found = demandOf(node);
      return found && isTextField(found.path) ? { kind: 'in', ...found } : undefined;
    }
    case 'rcall': {
      const [name, receiver, given] = node.args;
      const path = pathOf(receiver);
      const [text] = given;
      if (name !== 'startsWith' && name !== 'endsWith' && name !== 'contains') return undefined;
      if (!path || !isTextField(path) || given.length !== 1 || !text || !isText(text)) return undefined;
      return { kind: name, path, values: [text.args] };
    }
    default:
      return undefined;
  }
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
    case '==':
      return equalityOf(node.args);
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

function equalityOf([left, right]: readonly [ASTNode, ASTNode]): Demand | undefined {
  if (isText(right)) return demandFor(left, [right.args]);
  return isText(left) ? demandFor(right, [left.args]) : undefined;
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
