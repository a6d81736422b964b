import type { RefusingState } from './error-replies.ts';

/** What a {@link FaultProxy} does to its connections. */
export type FaultMode =
  | { readonly kind: 'pass' }
  /** Nobody listens, and connections are reset. */
  | { readonly kind: 'refused' }
  /** Connections are accepted, and bytes vanish both ways. */
  | { readonly kind: 'blackHole' }
  /** Everything from the server arrives later by the delay. */
  | { readonly kind: 'slow'; readonly delayMs: number }
  /** Half of a reply, then a reset. */
  | { readonly kind: 'resetMidReply' }
  /** Half of a reply, then nothing more. */
  | { readonly kind: 'halfReply' }
  /** Commands are refused like by a server in this state. */
  | { readonly kind: 'refusing'; readonly state: RefusingState }
  /** These commands get this error instead of the server's reply. */
  | {
      readonly kind: 'answering';
      readonly error: string;
      readonly to: (command: string) => boolean;
    }
  /** `refused` and `pass` in turn, beginning with `refused`. */
  | { readonly kind: 'flapping'; readonly everyMs: number };
