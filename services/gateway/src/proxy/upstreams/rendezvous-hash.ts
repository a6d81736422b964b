import { createHash } from 'node:crypto';

/**
 * Ranks nodes for a key, best first, by highest random weight (Thaler and Ravishankar, "Using
 * name-based mappings to increase hit rates", 1998). Processes that know the same nodes find the
 * same order, and an added or removed node moves only its own keys.
 */
export function rendezvousRank<Node>(
  key: string,
  nodes: readonly Node[],
  nameOf: (node: Node) => string,
): Node[] {
  if (nodes.length < 2) return [...nodes];
  return nodes
    .map((node) => ({ node, name: nameOf(node), weight: weightOf(key, nameOf(node)) }))
    .sort((a, b) => compare(b.weight, a.weight) || compare(a.name, b.name))
    .map(({ node }) => node);
}

/** The first 64 bits of a SHA-256: pseudo-random, and the same in every process. */
function weightOf(key: string, name: string): bigint {
  // The length distinguishes ("ab", "c") from ("a", "bc").
  const hash = createHash('sha256').update(`${key.length}:${key}${name}`).digest();
  return hash.readBigUInt64BE();
}

function compare<Value extends bigint | string>(a: Value, b: Value): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
