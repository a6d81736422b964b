import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../random.ts';

/** A user who performs one operation after the other. */
export interface SimulatedUser {
  readonly name: string;
  readonly random: Random;
  /** Between two steps, in milliseconds. */
  readonly pauseMs: { readonly from: number; readonly to: number };
  step(): Promise<void>;
  /** After the last step: ends when nothing of this user's is under way. */
  settle?(): Promise<void>;
  leave?(): void;
  /** In the end, when what is stored has been read. */
  close?(): Promise<void>;
}

/** Lets a user act until `isOver`; its sockets stay open. */
export async function act(user: SimulatedUser, isOver: () => boolean): Promise<void> {
  // The pace of persons, not a wait for anything; they do not all begin in the same moment.
  await delay(user.random.integer(0, user.pauseMs.from));
  while (!isOver()) {
    await user.step();
    await delay(user.random.integer(user.pauseMs.from, user.pauseMs.to));
  }
}
