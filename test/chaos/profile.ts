import { gatherChatCrowd } from './chat-crowd.ts';
import type { ClusterOptions } from './cluster.ts';
import { type Crowd, gatherCrowd } from './crowd.ts';
import type { CrowdOptions } from './crowd-options.ts';
import { applicationCalls } from './invariants/application-calls.ts';
import { applications } from './invariants/applications.ts';
import { callHistories } from './invariants/call-histories.ts';
import { codes } from './invariants/codes.ts';
import { deliveries } from './invariants/deliveries.ts';
import type { Invariant } from './invariants/invariant.ts';
import { lockouts } from './invariants/lockouts.ts';
import { messages } from './invariants/messages.ts';
import { oneTimeKeys } from './invariants/one-time-keys.ts';
import { quota } from './invariants/quota.ts';
import { refreshes } from './invariants/refreshes.ts';
import { resumptions } from './invariants/resumptions.ts';
import { revocations } from './invariants/revocations.ts';
import { gatherRingCrowd } from './ring-crowd.ts';
import { faultKinds, type Restartable } from './schedule.ts';

/** What a run is about: which instances, which people, which faults. */
export interface Profile {
  readonly name: string;
  readonly counts: ClusterOptions['counts'];
  readonly faultKinds: readonly string[];
  readonly restartable: Restartable;
  /** Whose subject nobody in it touches; every other invariant has to judge something in a run. */
  readonly untried: readonly Invariant[];
  gather(options: CrowdOptions): Promise<Crowd>;
}

const pairs = ['auth-1', 'auth-2', 'chat-1', 'chat-2'];

const accountsAndFiles = [codes, lockouts, oneTimeKeys, quota, refreshes, revocations];

/** Every service, every kind of user, every fault. */
const everything: Profile = {
  name: 'everything',
  counts: { gateway: 2, auth: 2, chat: 2, video: 1, storage: 1 },
  faultKinds,
  // The counts of a gateway in an outage end with the gateway: only in normal operation.
  restartable: { normal: [...pairs, 'gateway-1', 'gateway-2'], duringOutage: pairs },
  // Its sockets do not resume; its apps do.
  untried: [resumptions],
  gather: gatherCrowd,
};

/** Sixty users on three instances of chat; Redis is killed, frozen and emptied. */
const chat: Profile = {
  name: 'chat',
  counts: { gateway: 1, auth: 1, chat: 3, video: 1, storage: 1 },
  faultKinds: ['killed', 'killed and emptied', 'frozen'],
  restartable: { normal: [], duringOutage: [] },
  untried: [applicationCalls, callHistories, ...accountsAndFiles],
  gather: gatherChatCrowd,
};

/** Forty-eight users with two devices each call each other, on two instances of chat and of video. */
const calls: Profile = {
  name: 'calls',
  counts: { gateway: 1, auth: 1, chat: 2, video: 2, storage: 1 },
  faultKinds: ['killed', 'killed and emptied', 'frozen', 'instance restarted'],
  restartable: { normal: ['chat-1', 'video-1', 'video-2'], duringOutage: [] },
  untried: [messages, deliveries, resumptions, applications, ...accountsAndFiles],
  gather: gatherRingCrowd,
};

export const profiles: readonly Profile[] = [everything, chat, calls];
