import {
  growing,
  keyless,
  scripts,
  servedWhileLoading,
  servedWithoutPassword,
  writes,
} from './redis-commands.ts';

/** A state in which a Redis answers commands with errors. */
export type RefusingState = 'READONLY' | 'LOADING' | 'OOM' | 'NOAUTH' | 'MISCONF' | 'CLUSTERDOWN';

interface ErrorReply {
  readonly text: string;
  /** Whether Redis refuses a command with it. */
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
    // A loading Redis also serves INFO, with `loading:1`, but the real server would report
    // `loading:0`.
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

/** The reply of a Redis in this state to a command; undefined if it serves the command. */
export function errorReplyTo(state: RefusingState, command: string): Buffer | undefined {
  const { text, refuses } = errorReplies[state];
  return refuses(command) ? Buffer.from(`-${text}\r\n`) : undefined;
}
