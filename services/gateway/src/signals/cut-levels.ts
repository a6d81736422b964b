/**
 * Puts a mark where more than so many levels of objects and arrays are inside one another, in the value
 * itself. Returns whether there was such a place. One level after the other and not by recursion, so
 * that the depth may be any.
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
      // As a property of its own, also where it is called `__proto__`.
      Object.defineProperty(container, key, { value: mark, enumerable: true, writable: true });
    }
  }
  return isCut;
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
