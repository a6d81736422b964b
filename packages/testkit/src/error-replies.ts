import {
  growing,
  keyless,
  scripts,
  servedWhileLoading,
  servedWithoutPassword,
  writes,
} from './redis-commands.ts';

/** A state in which a Redis answers, but not with what it was asked for. */
export type RefusingState = 'READONLY' | 'LOADING' | 'OOM' | 'NOAUTH' | 'MISCONF' | 'CLUSTERDOWN';

interface ErrorReply {
  readonly text: string;
  /** Whether Redis answers a command with it. */
  readonly refuses: (command: string) => boolean;
}

/** The texts of src/server.c and src/cluster.c (Redis 7.0), and which commands get them. */
const errorReplies: Readonly<Record<RefusingState, ErrorReply>> = {
  READONLY: {
    text: "READONLY You can't write against a read only replica.",
    refuses: (command) => writes.has(command) || scripts.has(command),
  },
  LOADING: {
    text: 'LOADING Redis is loading the dataset in memory',
    // INFO is served as well, and says `loading:1`; the server behind would say that it is done.
    refuses: (command) => !servedWhileLoading.has(command) || command === 'info',
  },
  OOM: {
    text: "OOM command not allowed when used memory > 'maxmemory'.",
    refuses: (command) => growing.has(command) || scripts.has(command),
  },
  NOAUTH: {
    text: 'NOAUTH Authentication required.',
    refuses: (command) => !servedWithoutPassword.has(command),
  },
  MISCONF: {
    text:
      "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist " +
      'to disk. Commands that may modify the data set are disabled, because this instance is ' +
      'configured to report errors during writes if RDB snapshotting fails ' +
      '(stop-writes-on-bgsave-error option). Please check the Redis logs for details about the ' +
      'RDB error.',
    refuses: (command) => writes.has(command) || scripts.has(command) || command === 'ping',
  },
  CLUSTERDOWN: {
    text: 'CLUSTERDOWN Hash slot not served',
    refuses: (command) => !keyless.has(command),
  },
};

/** How a Redis in this state answers a command, as bytes; undefined when it serves it. */
export function errorReplyTo(state: RefusingState, command: string): Buffer | undefined {
  const { text, refuses } = errorReplies[state];
  return refuses(command) ? Buffer.from(`-${text}\r\n`) : undefined;
}
