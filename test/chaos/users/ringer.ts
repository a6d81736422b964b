import { textField } from '@secureconnect/testkit';
import { ChatSocketClient } from '../chat-socket.ts';
import type { OperationName } from '../declared.ts';
import type { History } from '../history.ts';
import { byShare, type Random } from '../random.ts';
import { loseSignaling } from '../signaling-socket.ts';
import type { Account } from './account.ts';
import type { SimulatedUser } from './user.ts';

export interface RingerOptions {
  readonly caller: Account;
  readonly callee: Account;
  readonly conversationId: string;
  readonly history: History;
}

/**
 * How often each outcome is among twenty. To `ignore`: nobody answers. To `abandon`: it is answered,
 * and then nobody says anything more. To `lose`: both then lose their signaling sockets.
 */
const shares = { 'hang up': 8, decline: 4, cancel: 3, ignore: 2, abandon: 2, lose: 1 } as const;
const outcomes = byShare(shares);
/** A lost participant may return for 30 s, and the sweep that ends it looks every five. */
const lostMs = 45_000;
const devicesOfEach = 2;

/**
 * Two users with two devices each, always connected, straight to some instance of chat. The one
 * calls; the other accepts, declines or lets it ring, or the caller cancels. An abandoned call is
 * joined by the next one, or ended by video; a lost one is left to video.
 */
export class Ringer implements SimulatedUser {
  readonly name: string;
  readonly random: Random;
  /** A user may start ten calls a minute. */
  readonly pauseMs = { from: 6500, to: 9000 };
  readonly #options: RingerOptions;
  #restsUntilMs = 0;
  readonly #devices = new Map<Account, ChatSocketClient[]>();

  constructor(options: RingerOptions) {
    this.#options = options;
    this.name = options.caller.client.options.user;
    this.random = options.caller.client.options.random;
  }

  async step(): Promise<void> {
    const { now } = this.#options.caller.client.options;
    if (now() < this.#restsUntilMs) return;
    const { caller, callee, conversationId } = this.#options;
    const [token, calleesToken] = [await caller.token(), await callee.token()];
    if (token === undefined || calleesToken === undefined) return;
    await this.#connect(caller, token);
    await this.#connect(callee, calleesToken);
    const body = { call_type: 'audio', conversation_id: conversationId };
    const call = await caller.client.send('initiate call', { token, body, expected: [201] });
    if (call.status !== 201) return;
    const callId = textField(call.data, 'call_id');
    const outcome = this.random.pick(outcomes);
    if (outcome === 'decline') await this.#act(callee, 'decline call', calleesToken, callId);
    if (outcome === 'cancel') await this.#act(caller, 'cancel call', token, callId);
    if (outcome !== 'hang up' && outcome !== 'abandon' && outcome !== 'lose') return;
    const accepted = await this.#act(callee, 'accept call', calleesToken, callId);
    if (outcome === 'hang up') await this.#act(caller, 'end call', token, callId);
    if (outcome !== 'lose' || accepted !== 200) return;
    this.#restsUntilMs = now() + lostMs;
    await loseSignaling(caller.client, token, callId);
    await loseSignaling(callee.client, calleesToken, callId);
  }

  leave(): void {
    for (const device of [...this.#devices.values()].flat()) device.close();
    this.#devices.clear();
  }

  async #connect(account: Account, token: string): Promise<void> {
    const open = (this.#devices.get(account) ?? []).filter((device) => device.isOpen);
    while (open.length < devicesOfEach) {
      const device = await ChatSocketClient.open({
        ...{ client: account.client, token, only: undefined, conversationIds: [], direct: true },
        addRecord: (record) => this.#options.history.sockets.push(record),
      });
      // Refused; the next step tries again.
      if (device === undefined) break;
      open.push(device);
    }
    this.#devices.set(account, open);
  }

  /** 409 is right for a call that is over by then, or was answered before this repetition. */
  async #act(
    { client }: Account,
    name: OperationName,
    token: string,
    callId: string,
  ): Promise<number> {
    const { caller, callee } = this.#options;
    const callUsers = [caller, callee].map((account) => account.client.options.user);
    const path = `/v1/calls/${callId}/${name.split(' ')[0]}`;
    const request = { token, path, expected: [200, 409], facts: { callId, callUsers } };
    return (await client.send(name, request)).status;
  }
}
