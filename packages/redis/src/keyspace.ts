import { crc32 } from 'node:zlib';

export const defaultKeyPrefix = 'secureconnect:';

/**
 * Letters, digits, `_`, `.`, `-`, and `:` between and after them: nothing that a pattern of an ACL
 * would expand, and no brace, because the hash tags are ours.
 */
export const keyPrefixPattern = /^(?=.{2,64}$)[A-Za-z0-9][\w.-]*(?::[\w.-]+)*:$/;

/** Subjects of limits and rooms are spread over so many hash tags. */
export const shardCount = 64;

/**
 * Every key and every channel that the product has in Redis, all of them under one prefix: so an
 * ACL can name them (`~secureconnect:* &secureconnect:*`), and stacks with different prefixes share
 * a server. Nothing else may write a key or a channel down.
 *
 * The part in braces is the hash tag, by which a cluster finds the slot. Keys of one script have it
 * in common; channels of one shard too, so that they can be subscribed to together.
 */
export interface Keyspace {
  readonly prefix: string;
  /** What a process counts up to see whether the data is still the same. */
  epoch(processId: string): string;
  /** What a process tries the commands of the product on, all with one hash tag. */
  probe(processId: string): { sortedSet: string; hash: string; text: string };
  /** Set while a token (its `jti`) or a session (its `sid`) is revoked. */
  revocation(id: string): string;
  /** A limiter's hash of one subject. `limitShard` says which subjects share a hash tag. */
  limit(subject: string): string;
  limitShard(subject: string): number;
  /** The live instances of a service. */
  instances(service: string): string;
  /** The reservation of a signal, and what became of it. */
  signal(fingerprint: string): string;
  /** How often a signal name has fired, for how many resources, and its storm. */
  storm(signalName: string): { fired: string; resources: string; window: string };
  session(sessionId: string): string;
  /** Until when an address is locked that has failed to log in. */
  failedLogins(subject: string): string;
  passwordReset(hash: string): string;
  /** Until when an address has had its mails. */
  passwordResetMails(subject: string): string;
  /** A user id by the hash of a name, for auth or for chat. */
  directory(reader: 'auth' | 'chat', hash: string): string;
  presence(userId: string): { marks: string; lastSeen: string };
  /** Where instances of a service tell one another about a room. */
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
    signal: (fingerprint) => `${prefix}signal:${fingerprint}`,
    storm(signalName) {
      const of = (what: string) => `${prefix}storm:${tag(signalName)}:${what}`;
      return { fired: of('fired'), resources: of('resources'), window: of('window') };
    },
    session: (sessionId) => `${prefix}session:${sessionId}`,
    failedLogins: (subject) => `${prefix}failed_logins:${subject}`,
    passwordReset: (hash) => `${prefix}password_reset:${hash}`,
    passwordResetMails: (subject) => `${prefix}password_reset_mails:${subject}`,
    directory: (reader, hash) => `${prefix}directory:${reader}:${hash}`,
    presence(userId) {
      const key = `${prefix}presence:${tag(userId)}`;
      return { marks: key, lastSeen: `${key}:last_seen` };
    },
    channel: (service, room) => `${prefix}channel:${service}:{${shardOf(room)}}:${room}`,
    isChannelOf: (service, channel) => channel.startsWith(`${prefix}channel:${service}:`),
  };
}

/** A key of each kind, under an id that nothing else has: for a probe to touch. */
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

/** A hash tag ends at its first closing brace, and an empty one is none: both are written out. */
function tag(text: string): string {
  const inside = text.replace(/[%{}]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`);
  return `{${inside === '' ? '%' : inside}}`;
}
