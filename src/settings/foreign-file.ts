import { formatPath, pointerOf, type PathPart, type Tree } from './tree.ts';

/** A configuration that came from outside names a file. Nothing of it was read. */
export class ForeignFile extends Error {
  readonly code = 'foreign_file';
}

/** Thrown rather than reported, so that nothing after it reads the file after all. */
export function refuseForeign(tree: Tree, path: readonly PathPart[]): void {
  if (tree.isForeign !== true) return;
  throw new ForeignFile(
    `${formatPath(pointerOf(path))} names a file, and a configuration that is given here may read none; try it with the command line`,
  );
}
