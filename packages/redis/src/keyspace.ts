import { crc32 } from 'node:zlib';

export const defaultKeyPrefix = 'secureconnect:';

/**
 * Letters, digits, `_`, `.`, `-`, and `:` between and after them: no wildcard of an ACL pattern,
 * and no brace, because only we set hash tags.
 */
export const keyPrefixPattern = /^(?=.{2,64}$)[A-Za-z0-9][\w.-]*(?::[\w.-]+)*:$/;

/** The hash tag of all signals and storms, so that one command can serve many of them. */
const signals = '{signals}';

/** The number of hash tags for subjects of limits and for rooms. */
export const shardCount = 64;

/**
 * All our keys and channels in Redis, under one prefix, so that an ACL can name them
 * (`~secureconnect:* &secureconnect:*`), and stacks with different prefixes can share a server. No
 * other code may build a key or a channel.
 *
 * The part in braces is the hash tag, which determines the slot in a cluster. Keys of one script
 * share it; channels of one shard too, so that one command can subscribe to them.
 */
export interface Keyspace {
  readonly prefix: string;
  /** The counter by which a process detects changes of the data. */
  epoch(processId: string): string;
  /** The keys on which a process probes our commands, with one hash tag. */
  probe(processId: string): { sortedSet: string; hash: string; text: string };
  /** Set while a token (its `jti`) or a session (its `sid`) is revoked. */
  revocation(id: string): string;
  /** A limiter's hash for one subject. Subjects with the same `limitShard` share a hash tag. */
  limit(subject: string): string;
  limitShard(subject: string): number;
  /** The live instances of a service. */
  instances(service: string): string;
  /** The reservation of a signal, and its request. */
  signal(fingerprint: string): string;
  /** The firings of a signal name, its resources, and its storm. */
  storm(signalName: string): { fired: string; resources: string; window: string };
  session(sessionId: string): string;
  /** Until when an address is locked after failed logins. */
  failedLogins(subject: string): string;
  passwordReset(hash: string): string;
  /** Until when an address gets no more mails. */
  passwordResetMails(subject: string): string;
  /** A user id by the hash of a name, for auth or chat. */
  directory(reader: 'auth' | 'chat', hash: string): string;
  /** Of a user: until when they are online, when they were last seen, and their open sockets. */
  presence(userId: string): { marks: string; lastSeen: string; sockets: string };
  /** The channel of a service's instances for a room. */
  channel(service: string, room: string): string;
  /** Whether a channel is one of a service. */
  isChannelOf(service: string, channel: string): boolean;
}

/** The keyspace under a prefix, which must match `keyPrefixPattern`. */
export function createKeyspace(prefix: string): Keyspace {
  return {
    prefix,
    epoch: (processId) => `${prefix}epoch:${tag(processId)}`,
    probe(processId) {
      const of = (what: string) => `${prefix}probe:${tag(processId)}:${what}`;
      return { sortedSet: of('sorted_set'), hash: of('hash'), text: of('text') };
    },
    revocation: (id) => `${prefix}blacklist:${id}`,
    limit: (subject) => `${prefix}limit:{${shardOf(subject)}}:${subject}`,
    limitShard: shardOf,
    instances: (service) => `${prefix}instances:${service}`,
    signal: (fingerprint) => `${prefix}signal:${signals}:${fingerprint}`,
    storm(signalName) {
      const of = (what: string) => `${prefix}storm:${signals}:${signalName}:${what}`;
      return { fired: of('fired'), resources: of('resources'), window: of('window') };
    },
    session: (sessionId) => `${prefix}session:${sessionId}`,
    failedLogins: (subject) => `${prefix}failed_logins:${subject}`,
    passwordReset: (hash) => `${prefix}password_reset:${hash}`,
    passwordResetMails: (subject) => `${prefix}password_reset_mails:${subject}`,
    directory: (reader, hash) => `${prefix}directory:${reader}:${hash}`,
    presence(userId) {
      const key = `${prefix}presence:${tag(userId)}`;
      return { marks: key, lastSeen: `${key}:last_seen`, sockets: `${key}:sockets` };
    },
    channel: (service, room) => `${prefix}channel:${service}:{${shardOf(room)}}:${room}`,
    isChannelOf: (service, channel) => channel.startsWith(`${prefix}channel:${service}:`),
  };
}

/** A key of each kind for a probe, under a unique id. */
export function oneOfEach(keys: Keyspace, id: string): string[] {
  return [
    keys.epoch(id),
    ...Object.values(keys.probe(id)),
    keys.revocation(id),
    keys.limit(id),
    keys.instances(id),
    keys.signal(id),
    ...Object.values(keys.storm(id)),
    keys.session(id),
    keys.failedLogins(id),
    keys.passwordReset(id),
    keys.passwordResetMails(id),
    keys.directory('auth', id),
    keys.directory('chat', id),
    ...Object.values(keys.presence(id)),
  ];
}

function shardOf(text: string): number {
  return crc32(text) % shardCount;
}

/** Escapes braces, because a hash tag ends at its first closing brace, and an empty one is none. */
function tag(text: string): string {
  const inside = text.replace(/[%{}]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`);
  return `{${inside === '' ? '%' : inside}}`;
}
