/** Time-outs of one node within this window, none of its answers between them, that make it silent. */
const timeoutsToBeSilent = 3;
const windowMs = 1000;

/**
 * Counts commands without an answer for each node of a cluster. The flag counts them for a process,
 * where an answer of any node would undo the time-outs of another.
 */
export class TimeoutsByNode {
  readonly #at = new Map<string, number[]>();

  /** The node has answered something. */
  answered(node: string): void {
    this.#at.delete(node);
  }

  /** A command of this node timed out. True where that makes the node silent. */
  isSilent(node: string): boolean {
    const now = performance.now();
    const at = (this.#at.get(node) ?? []).filter((earlier) => now - earlier < windowMs);
    at.push(now);
    this.#at.set(node, at);
    if (at.length < timeoutsToBeSilent) return false;
    this.#at.delete(node);
    return true;
  }
}
