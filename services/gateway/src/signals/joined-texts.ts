/**
 * Joins texts so that different lists of the same length give different results: with `:` if only
 * the last text has a colon, otherwise as JSON after `::`. No text joined by `:` begins with `::`,
 * because one of the first two texts is not empty.
 */
export function joinedTexts(texts: readonly string[]): string {
  const isPlain = texts.slice(0, -1).every((text) => !text.includes(':'));
  // A lone surrogate has no UTF-8 form; JSON escapes it.
  const isSafe = isPlain && texts.every((text) => text.isWellFormed());
  return isSafe ? texts.join(':') : `::${JSON.stringify(texts)}`;
}
