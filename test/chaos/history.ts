import type { SlowSpan, Span } from '../support/redis-watch.ts';
import type { CountedLimit, OperationName } from './declared.ts';
import type { PlannedFault } from './schedule.ts';

export type { Span };

/** What an operation was about, as far as some invariant asks. */
export interface Facts {
  readonly conversationId?: string;
  readonly clientMessageId?: string;
  /** The socket that a message was sent over; it has its answer and hears no echo. */
  readonly socketId?: string;
  /** The code that the socket was closed with before there was an answer. */
  readonly closedWith?: number;
  readonly messageId?: string;
  /** Of the e-mail address of a login. */
  readonly subject?: string;
  readonly password?: 'right' | 'wrong';
  readonly sessionId?: string;
  /** A code of the second factor that the request spends, with its user. */
  readonly factorCode?: string;
  /** The id of the operation whose reply its client lost, so that it sent the same again. */
  readonly retryOf?: string;
  /** When the session of this request had been ended, by an acknowledged logout. */
  readonly revokedAtMs?: number;
  /** The call that was ended, if the reply says so. */
  readonly callId?: string;
  /** The users in that call. */
  readonly callUsers?: readonly string[];
  readonly fileBytes?: number;
  readonly fileId?: string;
  /** Of a delivery, in its order. */
  readonly alerts?: readonly DeliveredAlert[];
}

/** What a delivery says of one alert. */
export interface DeliveredAlert {
  readonly fingerprint: string;
  readonly status: 'firing' | 'resolved';
  readonly startsAt: string;
}

/** A remediation request as it is stored in the end. */
export interface StoredRequest {
  /** Of its alert; of a storm, a fingerprint that no alert has. */
  readonly fingerprint: string;
  readonly name: string;
  readonly firingTime: string;
  readonly isActive: boolean;
  readonly isStorm: boolean;
}

/** An alert in the request of a storm, as it is stored in the end. */
export interface StormMember {
  readonly fingerprint: string;
  readonly requestName: string;
  readonly firingTime: string;
  readonly isActive: boolean;
}

/** One request with its reply. Times in milliseconds from the start of the run. */
export interface Operation {
  readonly id: string;
  readonly user: string;
  readonly userId: string | undefined;
  readonly name: OperationName;
  /** Where it was sent: `gateway-1`, or an instance's own port. */
  readonly entry: string;
  /** The instance of the service that took it; undefined where none did. */
  readonly instance: string | undefined;
  readonly startMs: number;
  readonly endMs: number;
  /** 0 where no reply came. */
  readonly status: number;
  readonly body: string;
  readonly degraded: string | null;
  readonly retryAfter: string | null;
  /** The normal statuses of this request. */
  readonly expected: readonly number[];
  /** What it was counted against; undefined where that is an address, or nothing. */
  readonly limit: CountedLimit | undefined;
  readonly facts: Facts;
}

/** What a device of a user was told of a call. */
export interface HeardOfCall {
  readonly type: string;
  readonly callId: string;
  /** The user who calls or has answered; undefined for the end. */
  readonly from: string | undefined;
  readonly atMs: number;
}

/** A call and one participant, as stored in the end. */
export interface StoredPart {
  readonly callId: string;
  readonly userId: string;
  readonly status: string;
  readonly state: string;
  /** How often this participant was to be told of the end. */
  readonly ends: number;
}

/** A call in the history of one of its participants, as that user reads it in the end. */
export interface SeenCall {
  readonly callId: string;
  readonly status: string;
  readonly endReason: string | undefined;
  /** The state of the user who reads it. */
  readonly state: string | undefined;
}

/** A chat socket and what it heard. */
export interface SocketRecord {
  readonly id: string;
  readonly user: string;
  readonly instance: string | undefined;
  /** Those whose messages it is to hear. */
  readonly conversationIds: readonly string[];
  readonly openedMs: number;
  closedMs: number | undefined;
  /** How a resumption from an earlier socket went; undefined where none was asked for. */
  resumed?: 'complete' | 'incomplete' | 'unanswered';
  readonly heard: { readonly messageId: string; readonly atMs: number }[];
  readonly heardOfCalls: HeardOfCall[];
  /** Whether it is for all conversations of its user, and so is told of calls. */
  readonly isDevice?: boolean;
}

/** What an app on packages/client has said and was given. */
export interface AppRecord {
  readonly user: string;
  /** Those that it hears from before anybody speaks in them. */
  readonly conversationIds: string[];
  readonly said: { readonly clientMessageId: string; readonly conversationId: string }[];
  /** Told to its person as sent. */
  readonly sent: { readonly clientMessageId: string; readonly messageId: string }[];
  /** Refused for good, as its person is told. */
  readonly refused: { readonly id: string; readonly code: string; readonly message: string }[];
  readonly heard: { readonly messageId: string; readonly atMs: number }[];
}

/** A call that an app on packages/client was told of, from then until its page was left. */
export interface AppCallRecord {
  readonly user: string;
  readonly callId: string;
  readonly toldMs: number;
  wasAnswered: boolean;
  readonly ends: { readonly reason: string; readonly atMs: number }[];
}

/** A fault as it came about. */
export interface FaultRecord extends Span {
  readonly planned: PlannedFault;
}

/** An instance that was closed and started again, from the first to the last moment of that. */
export interface RestartRecord extends Span {
  readonly instance: string;
}

export interface LogLine {
  readonly atMs: number;
  readonly instance: string;
  readonly level: string;
  readonly msg: string;
  readonly text: string;
}

/** What is stored in the end. */
export interface StoredMessage {
  readonly messageId: string;
  readonly clientMessageId: string | undefined;
}

/** Whether each of two users had the other as a friend, while neither changed it. */
export interface FriendsSeen {
  readonly users: readonly [string, string];
  readonly has: readonly [boolean, boolean];
}

/** Everything that happened in a run; invariants read nothing else. */
export interface History {
  readonly gateways: number;
  readonly quotaBytes: number;
  readonly operations: Operation[];
  readonly sockets: SocketRecord[];
  readonly apps: AppRecord[];
  readonly appCalls: AppCallRecord[];
  readonly faults: FaultRecord[];
  readonly restarts: RestartRecord[];
  /** When Redis itself was slow to answer a direct probe. */
  readonly slow: SlowSpan[];
  readonly logs: LogLine[];
  readonly stored: Map<string, readonly StoredMessage[]>;
  readonly friends: FriendsSeen[];
  readonly parts: StoredPart[];
  /** The histories of the users who call, by user id, the newest call first. */
  readonly callHistories: Map<string, readonly SeenCall[]>;
  readonly requests: StoredRequest[];
  readonly stormMembers: StormMember[];
  /** `redis_degraded_mode` of every instance after the last fault. */
  readonly gauges: Map<string, string>;
  /** The operations of the round after the last fault. */
  readonly afterwards: Operation[];
}

export function emptyHistory(settings: { gateways: number; quotaBytes: number }): History {
  return {
    ...settings,
    operations: [],
    sockets: [],
    apps: [],
    appCalls: [],
    faults: [],
    restarts: [],
    slow: [],
    logs: [],
    stored: new Map(),
    friends: [],
    parts: [],
    callHistories: new Map(),
    requests: [],
    stormMembers: [],
    gauges: new Map(),
    afterwards: [],
  };
}
