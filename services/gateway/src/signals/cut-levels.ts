/**
 * Replaces objects and arrays nested deeper than `maxLevels` with a mark, in place. Returns whether
 * there were any. It works level by level, without recursion, so that any depth is safe.
 */
export function cutLevels(root: unknown, maxLevels: number, mark: string): boolean {
  let level = isContainer(root) ? [root] : [];
  for (let depth = 1; depth < maxLevels; depth += 1) {
    level = level.flatMap((container) => Object.values(container).filter(isContainer));
  }
  let isCut = false;
  for (const container of level) {
    for (const [key, value] of Object.entries(container)) {
      if (!isContainer(value)) continue;
      isCut = true;
      // defineProperty, because the key may be `__proto__`.
      Object.defineProperty(container, key, { value: mark, enumerable: true, writable: true });
    }
  }
  return isCut;
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
