import type { Call } from '@secureconnect/client/calls';
import { eventually } from '@secureconnect/testkit';
import { byShare, type Random } from '../random.ts';
import { type AppPhone, attempt } from './app-phone.ts';
import type { SimulatedUser } from './user.ts';

export interface AppCallerOptions {
  readonly name: string;
  readonly random: Random;
  readonly caller: AppPhone;
  readonly callee: AppPhone;
  readonly conversationId: string;
}

/**
 * How often each outcome is among twenty. To `load again`: the callee's page is loaded again while it
 * rings, and answers then. To `continue`: it is loaded again in the call, and comes back.
 */
const shares = {
  ...{ 'hang up': 5, 'hang up there': 3, 'load again': 3, continue: 3 },
  ...{ decline: 3, cancel: 2, ignore: 1 },
} as const;
type Outcome = keyof typeof shares;
const outcomes = byShare(shares);

/** A frame arrives within 2 s; a socket may have to be opened before. */
const ringsWithinMs = 6000;
/** After the last outage every end is told within this time. */
const maxCallMs = 60_000;

/** Two people with apps on packages/client: the one calls, and one of them ends it. */
export class AppCaller implements SimulatedUser {
  readonly name: string;
  readonly random: Random;
  /** A user may start ten calls a minute. */
  readonly pauseMs = { from: 6500, to: 9000 };
  readonly #options: AppCallerOptions;

  constructor(options: AppCallerOptions) {
    this.#options = options;
    this.name = options.name;
    this.random = options.random;
  }

  async step(): Promise<void> {
    const { caller, callee, conversationId } = this.#options;
    const call = await caller.start(conversationId);
    const ringing = call && (await callee.rings(call.id, ringsWithinMs));
    if (call === undefined || ringing === undefined) return;
    const outcome = this.random.pick(outcomes);
    if (outcome === 'decline') await attempt(ringing.decline());
    else if (outcome === 'cancel') await attempt(call.cancel());
    else if (outcome === 'load again') await this.#loadAgain(call);
    else if (outcome !== 'ignore') await this.#talk(outcome, call, ringing);
  }

  /** Hangs up, and waits until both are told. */
  async settle(): Promise<void> {
    const { caller, callee } = this.#options;
    await eventually(
      async () => {
        const open = [...caller.calls, ...callee.calls];
        for (const call of open) await attempt(call.end());
        if (open.length > 0) throw new Error(`${this.name} has ${open.length} calls that go on`);
      },
      { timeoutMs: maxCallMs, intervalMs: 200 },
    );
  }

  async close(): Promise<void> {
    await this.#options.caller.close();
    await this.#options.callee.close();
  }

  async #talk(outcome: Outcome, call: Call, ringing: Call): Promise<void> {
    await attempt(ringing.accept());
    if (outcome === 'continue') await this.#continue(call.id);
    await attempt(outcome === 'hang up there' ? ringing.end() : call.end());
  }

  async #continue(callId: string): Promise<void> {
    await this.#options.callee.loadAgain();
    await this.#options.callee.join(callId);
  }

  async #loadAgain(call: Call): Promise<void> {
    const { callee } = this.#options;
    await callee.loadAgain();
    const again = await callee.rings(call.id, ringsWithinMs);
    if (again !== undefined) await attempt(again.accept());
    await attempt(call.end());
  }
}
