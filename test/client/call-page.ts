import { type BrowserPage, eventually } from '@secureconnect/testkit';
import { expect } from 'vitest';
import type { Person } from './world.ts';

/** What the page was told of a call. */
interface Told {
  readonly id: string;
  readonly change: string;
  readonly endReason?: string;
}

/** What a page sees of a peer. */
export interface Seen {
  readonly connection: string;
  readonly isAway: boolean;
  readonly isMicrophoneOn: boolean;
  readonly isCameraOn: boolean;
  /** The frames that each video that moves now has decoded. */
  readonly frames: readonly number[];
}

const patiently = { timeoutMs: 30_000, intervalMs: 100 };

/** In the page: `calls`, the current `call`, and what it was told. */
const script = `
  globalThis.told = [];
  globalThis.errors = [];
  globalThis.made = [];
  globalThis.states = [];
  globalThis.watch = (call) => {
    globalThis.call = call;
    if (call.endReason) told.push({ id: call.id, change: 'ended', endReason: call.endReason });
    call.subscribe((change) => told.push({ id: call.id, change, endReason: call.endReason }));
    return call.id;
  };
  class Noted extends RTCPeerConnection {
    constructor(configuration) {
      super(configuration);
      this.states = [];
      this.addEventListener('signalingstatechange', () => this.states.push(this.signalingState));
      made.push(this);
    }
  }
  globalThis.openCalls = async () => {
    globalThis.calls = await SecureConnect.openCalls(client, {
      RTCPeerConnection: Noted,
      onIncoming: (call) => {
        watch(call);
        told.push({ id: call.id, change: 'incoming' });
      },
      onState: (state, end) => states.push(end ?? state),
      onError: (error) => errors.push(String(error)),
    });
  };
  /** Of each connection that is open, in the order of the participants. */
  globalThis.seen = async () => {
    const open = made.filter(({ signalingState }) => signalingState !== 'closed');
    const frames = await Promise.all(open.map(async (connection) => {
      const active = connection.getTransceivers()
        .filter(({ currentDirection }) => ['sendrecv', 'recvonly'].includes(currentDirection))
        .map(({ mid }) => mid);
      return [...(await connection.getStats()).values()]
        .filter((stat) => stat.type === 'inbound-rtp' && stat.kind === 'video')
        .filter(({ mid }) => active.includes(mid))
        .map(({ framesDecoded }) => framesDecoded);
    }));
    return call.participants.filter(({ state }) => state === 'joined').map((one, index) => ({
      connection: one.connection, isAway: one.isAway, isMicrophoneOn: one.isMicrophoneOn,
      isCameraOn: one.isCameraOn, frames: frames[index] ?? [] }));
  };`;

/** A page of a person, whose calls go through the client. */
export class CallPage {
  readonly page: BrowserPage;

  constructor(page: BrowserPage) {
    this.page = page;
  }

  /** Loads the page, signs in where nobody is, and opens it to calls. */
  async open(url: string, { network, newSession }: Person): Promise<void> {
    const baseUrl = `http://127.0.0.1:${network.port}`;
    await this.page.open(url);
    const userId = await this.page.evaluate(`${script}
      globalThis.client = new SecureConnect.Client({
        baseUrl: '${baseUrl}', quietMs: 2000, store: new SecureConnect.IndexedDbStore() });
      await client.userId()`);
    if (userId === undefined) {
      await this.run(`await client.adopt(${JSON.stringify(await newSession())}), undefined`);
    }
    await this.run('await openCalls(), undefined');
    await this.until('states.at(-1)', 'open');
  }

  run(expression: string): Promise<unknown> {
    return this.page.evaluate(`${expression}`);
  }

  /** Starts a call. @returns its id */
  async start(conversationId: string, type = 'video'): Promise<string> {
    const body = `{ conversation_id: '${conversationId}', call_type: '${type}' }`;
    return String(await this.run(`watch(await calls.start(${body}))`));
  }

  /** Waits until it rings. */
  rings(): Promise<void> {
    return this.until('globalThis.call?.state', 'incoming');
  }

  until(expression: string, value: unknown): Promise<void> {
    return eventually(async () => {
      expect(await this.run(expression), expression).toEqual(value);
    }, patiently);
  }

  /** Waits until the call has ended here, and so once. */
  async ends(id: string, reason: string): Promise<void> {
    await eventually(async () => expect(await this.endsOf(id)).toEqual([reason]), patiently);
  }

  async endsOf(id: string): Promise<(string | undefined)[]> {
    const told = (await this.run('told')) as readonly Told[];
    return told
      .filter((one) => one.id === id && one.change === 'ended')
      .map(({ endReason }) => endReason);
  }

  /** What it was told of a call, in order, without repetitions. */
  async changes(id: string): Promise<string[]> {
    const told = (await this.run('told')) as readonly Told[];
    return told.filter((one) => one.id === id).map(({ change }) => change);
  }

  async seen(): Promise<readonly Seen[]> {
    return (await this.run('await seen()')) as readonly Seen[];
  }

  errors(): Promise<unknown> {
    return this.run('errors');
  }
}

/** Waits until every page sees as many videos of each peer as expected, and all of them move. */
export async function videosMove(
  pages: readonly CallPage[],
  { videos = 1, peers = 1 } = {},
): Promise<void> {
  for (const page of pages) {
    const counts = Array.from({ length: peers }, () => videos);
    const before = await eventually(async () => {
      const seen = await page.seen();
      expect(seen.map(({ frames }) => frames.length)).toEqual(counts);
      return seen.flatMap(({ frames }) => frames);
    }, patiently);
    await eventually(async () => {
      const now = (await page.seen()).flatMap(({ frames }) => frames);
      for (const [index, frames] of before.entries())
        expect(now[index]).toBeGreaterThan(frames + 5);
    }, patiently);
  }
}
