/**
 * The number of time-outs of one node within the window, without a reply between them, that make it
 * silent.
 */
const timeoutsToBeSilent = 3;
const windowMs = 1000;

/**
 * Counts time-outs per node of a cluster. The flag counts them per process, where a reply of one
 * node resets the time-outs of another.
 */
export class TimeoutsByNode {
  readonly #at = new Map<string, number[]>();

  /** Records a reply of the node. */
  answered(node: string): void {
    this.#at.delete(node);
  }

  /** Records a time-out of the node. Returns whether the node is now silent. */
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
