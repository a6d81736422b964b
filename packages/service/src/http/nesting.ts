/** More levels than this are no request of ours, and would end some recursion's stack. */
export const defaultMaxLevels = 64;

/** Whether a JSON value has more than `levels` objects and arrays inside one another. */
export function isNestedDeeper(root: unknown, levels: number): boolean {
  let level = [root].filter(isContainer);
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > levels) return true;
    // One level after the other and not by recursion, so that the depth meets no other limit.
    level = level.flatMap((container) => Object.values(container).filter(isContainer));
  }
  return false;
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
