/**
 * Who of the living nodes should hold a name: the one with the highest hash of node and name (rendezvous hashing). Every node comes to the
 * same answer by itself, and when a node comes or goes only its own share moves.
 */
export function chooseNode(name: string, nodes: readonly string[]): string | undefined {
  let best: string | undefined;
  let highest = -1;
  for (const node of nodes) {
    const score = hashOf(`${node}\n${name}`);
    if (score > highest || (score === highest && best !== undefined && node < best)) {
      highest = score;
      best = node;
    }
  }
  return best;
}

/** The numbers of a kind that this node should hold while these nodes live. */
export function shareOf(
  node: string,
  nodes: readonly string[],
  numbers: readonly number[],
  kind: string,
): readonly number[] {
  return numbers.filter((number) => chooseNode(`${kind}${number}`, nodes) === node);
}

/** 32-bit FNV-1a, mixed so that names that differ only at their end spread as well. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
