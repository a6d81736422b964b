import type { CallView, ParticipantState } from './call-view.ts';
import type { Media } from './platform.ts';

/** Somebody else who is in the call, or was called. */
export interface Participant {
  readonly userId: string;
  readonly state: ParticipantState;
  /** They have lost their connection to the server; they leave unless they are back within 30 s. */
  readonly isAway: boolean;
  /** As they say; true until they have said anything. */
  readonly isMicrophoneOn: boolean;
  readonly isCameraOn: boolean;
  /** Of the connection to them: `connected` while media flows; undefined where there is none. */
  readonly connection: string | undefined;
  /** What they send: first microphone and camera, then screens. */
  readonly streams: readonly Media[];
}

const unknown = {
  isAway: false,
  isMicrophoneOn: true,
  isCameraOn: true,
  connection: undefined,
  streams: [],
};

/** Everybody else in a call, as far as is known. */
export class Participants {
  readonly #userId: string;
  readonly #others = new Map<string, Participant>();
  readonly #joinedAtMs = new Map<string, number>();

  /** @param userId of this client, who is not among them */
  constructor(userId: string) {
    this.#userId = userId;
  }

  get list(): readonly Participant[] {
    return [...this.#others.values()];
  }

  /** The ids of those who have joined. */
  get joined(): readonly string[] {
    return this.list.filter(({ state }) => state === 'joined').map(({ userId }) => userId);
  }

  /** When this device learned that a user has joined, by `performance.now()`. */
  joinedAtMs(userId: string): number {
    return this.#joinedAtMs.get(userId) ?? 0;
  }

  /** Takes over what the server says of everybody. */
  see({ participants }: CallView): void {
    for (const { user_id: userId, state } of participants) this.change(userId, { state });
  }

  change(userId: string, change: Partial<Participant>): void {
    if (userId === this.#userId) return;
    const before = this.#others.get(userId) ?? { userId, state: 'ringing', ...unknown };
    if (change.state === 'joined' && before.state !== 'joined')
      this.#joinedAtMs.set(userId, performance.now());
    const gone = change.state !== undefined && change.state !== 'joined' ? unknown : {};
    this.#others.set(userId, { ...before, ...gone, ...change });
  }
}
