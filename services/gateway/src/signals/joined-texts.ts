/**
 * Joins texts to one that no other list of as many texts gives: with `:`, where all but the last are
 * free of it; else as JSON after `::`, with which no joined text begins, as one of the first two is not
 * empty.
 */
export function joinedTexts(texts: readonly string[]): string {
  const isPlain = texts.slice(0, -1).every((text) => !text.includes(':'));
  // A lone surrogate has no form of its own in UTF-8; JSON escapes it.
  const isSafe = isPlain && texts.every((text) => text.isWellFormed());
  return isSafe ? texts.join(':') : `::${JSON.stringify(texts)}`;
}
