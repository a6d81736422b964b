/** In UTF-16 units. */
const maxWordLength = 64;
const maxWords = 256;

/**
 * The search words of a text: NFKC in lower case, split at every character that is no letter, digit
 * or mark, each once, in the order of the text. A word is cut to the maximum length; words after
 * the 256th are not indexed.
 */
export function searchWords(text: string): string[] {
  const words = new Set<string>();
  const plain = text.normalize('NFKC').toLowerCase().normalize('NFKC');
  for (const [word] of plain.matchAll(/[\p{L}\p{M}\p{N}]+/gu)) {
    words.add(cut(word));
    if (words.size === maxWords) break;
  }
  return [...words];
}

/** The beginning of a word; never ends in half of a surrogate pair. */
function cut(word: string): string {
  if (word.length <= maxWordLength) return word;
  const beginning = word.slice(0, maxWordLength);
  return beginning.isWellFormed() ? beginning : beginning.slice(0, -1);
}

/** The search words of a message; none if it is encrypted. */
export function wordsOf(message: { content: string; is_encrypted: boolean }): string[] {
  return message.is_encrypted ? [] : searchWords(message.content);
}
