/** What an error reply says: its code, and whether it is known to be a mistake of the caller. */
export interface ErrorReply {
  readonly code: string;
  readonly isBug: boolean;
}

/** Replies that no state of a server explains. None of our scripts gives an error of its own. */
const bugs = new RegExp(
  [
    '^(WRONGTYPE|NOSCRIPT) ',
    // Lua itself, or what a script throws; a script that is no Lua.
    '^ERR @?user_script:',
    '^ERR Error compiling script',
    '^ERR wrong number of arg',
    '^ERR syntax error',
    '^ERR (hash )?value is (not|no|out)',
    '^ERR increment or decrement would overflow',
    '^ERR invalid expire time',
    '^ERR min or max is not',
    "^ERR Number of keys can't",
  ].join('|'),
  'i',
);

/** What Redis 7, and Valkey 9, say to a script that does what its user may not. */
const deniedInScript = /^ERR (The user executing the script|ACL failure in script)/;

/** What Redis 6.2 and KeyDB put before an error of a script. */
const ofScript = /^ERR Error running script \(call to f_[0-9a-f]+\): @user_script:\d+: /;
const ofCommandInScript = /^@user_script: \d+: /;
const code = /^[A-Z][A-Z0-9_]{1,31}(?= |$)/;

/**
 * Reads an error reply. Whatever it says is a fault of Redis unless it is known to be a mistake of
 * ours: a list of the faults was always too short.
 */
export function readErrorReply(message: string): ErrorReply {
  const text = unwrapped(message);
  if (deniedInScript.test(text)) return { code: 'NOPERM', isBug: false };
  if (text.startsWith('ERR max number of clients')) return { code: 'maxclients', isBug: false };
  return { code: code.exec(text)?.[0] ?? 'ERR', isBug: bugs.test(text) };
}

/** The reply without what 6.2 and KeyDB wrap it in, as Redis 7 would give it. */
function unwrapped(message: string): string {
  const refusal = behindDash(message);
  if (refusal !== undefined) return refusal;
  if (!ofScript.test(message)) return message;
  const text = message.replace(ofScript, '').replace(ofCommandInScript, '');
  return code.test(text) ? text : `ERR ${text}`;
}

/** A refusal that a command in a script met; 6.2 and KeyDB put it, code first, behind a dash. */
function behindDash(message: string): string | undefined {
  const at = message.startsWith('ERR ') ? message.indexOf(': -') : -1;
  const refusal = at < 0 ? '' : message.slice(at + 3);
  return code.test(refusal) ? refusal : undefined;
}
