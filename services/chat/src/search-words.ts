/** In UTF-16 units. */
const maxWordLength = 64;
const maxWords = 256;

/**
 * The words that a text is found by: NFKC in lower case, split wherever no letter, digit or mark of
 * a letter stands, each once, in the order of the text. A longer word is found by its beginning, and
 * what comes after the 256th word is not found.
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

/** The beginning of a word, with no half of a surrogate pair at its end. */
function cut(word: string): string {
  if (word.length <= maxWordLength) return word;
  const beginning = word.slice(0, maxWordLength);
  return beginning.isWellFormed() ? beginning : beginning.slice(0, -1);
}

/** The words of a message: none where the server cannot read it. */
export function wordsOf(message: { content: string; is_encrypted: boolean }): string[] {
  return message.is_encrypted ? [] : searchWords(message.content);
}
