/** What a frame from the server is to a client of the benchmark. */
export type Received =
  /** Message number so-and-so, said by another socket. */
  | { readonly kind: 'message'; readonly number: number }
  /** What this socket said under this id was taken. */
  | { readonly kind: 'acknowledgement'; readonly id: number }
  | { readonly kind: 'refusal'; readonly reason: string }
  /** Has to be answered with this text. */
  | { readonly kind: 'question'; readonly answer: string }
  /** The socket is in its room. */
  | { readonly kind: 'entered' }
  | { readonly kind: 'other' };

/** Whom a socket is for. */
export interface Place {
  readonly port: number;
  readonly room: string;
  /** Empty where nobody asks for one; a name where servers ask for that alone. */
  readonly token: string;
}

/**
 * How a client speaks to one kind of server over a plain WebSocket. All kinds have the same client,
 * so that it costs the same: texts in, texts out.
 */
export interface Protocol {
  /** The WebSocket subprotocol, if it needs one. */
  readonly subprotocol?: string;
  /** Sent as soon as a socket is open. */
  readonly greeting?: string;
  /** Whether a socket is in its room when it is open; else the server says so in a frame. */
  readonly entersAtOnce: boolean;
  address(place: Place): string;
  /** The frame that says `content` in `room`, to be acknowledged under `id`. */
  say(room: string, id: number, content: string): string;
  read(text: string, place: Place): Received;
}

const mark = 'benchmark message ';

/** What message `number` says: its number, and about as much as people write. */
export function contentOf(number: number): string {
  return `${mark}${number}. About as long as most messages of a conversation between people are.`;
}

/** The number of the message in a frame; NaN where there is none. Reads no JSON, which costs more. */
export function numberIn(text: string): number {
  const from = text.indexOf(mark);
  return from < 0 ? Number.NaN : Number.parseInt(text.slice(from + mark.length), 10);
}
