/** Control characters, and those that change the direction of what follows. */
const unsafe =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * A text of somebody else as it may be shown: what could move the cursor, change colours or disguise
 * an address is shown as its code, such as `\u001b`. Tabs and line ends stay.
 */
export function safeText(text: string): string {
  return text.replaceAll(unsafe, codeOf);
}

/** A text of somebody else on one line. */
export function safeLine(text: string): string {
  return safeText(text).replaceAll(/[\n\t]/g, ' ');
}

/** JSON on one line, which is also safe to show. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replaceAll(unsafe, codeOf);
}

function codeOf(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
