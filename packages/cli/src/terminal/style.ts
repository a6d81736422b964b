import type { Terminal } from './terminal.ts';

const codes = { red: 31, green: 32, yellow: 33 } as const;
/** Gives a text a style, where the terminal shows it. */
export type Paint = (style: keyof typeof codes, text: string) => string;

/** Colours of a stream; NO_COLOR (https://no-color.org), or a stream that is no terminal: none. */
export function paintFor({ environment }: Terminal, stream: { readonly isTTY?: boolean }): Paint {
  const isPlain = Boolean(environment['NO_COLOR']) || stream.isTTY !== true;
  if (isPlain || environment['TERM'] === 'dumb') return (_style, text) => text;
  return (style, text) => `\u001b[${codes[style]}m${text}\u001b[0m`;
}
