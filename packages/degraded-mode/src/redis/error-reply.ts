/** An error reply: its code, and whether it is known to be a mistake of the caller. */
export interface ErrorReply {
  readonly code: string;
  readonly isBug: boolean;
}

/** Replies that no state of a server explains. Our scripts return no errors. */
const bugs = new RegExp(
  [
    '^(WRONGTYPE|NOSCRIPT) ',
    // Errors of Lua, errors thrown by a script, and invalid Lua.
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

/** The replies of Redis 7 and Valkey 9 to a script without permission. */
const deniedInScript = /^ERR (The user executing the script|ACL failure in script)/;

/** The prefix of script errors in Redis 6.2 and KeyDB. */
const ofScript = /^ERR Error running script \(call to f_[0-9a-f]+\): @user_script:\d+: /;
const ofCommandInScript = /^@user_script: \d+: /;
const code = /^[A-Z][A-Z0-9_]{1,31}(?= |$)/;

/**
 * Parses an error reply. It is a fault of Redis unless it is known to be our mistake, because a
 * list of faults was never complete.
 */
export function readErrorReply(message: string): ErrorReply {
  const text = unwrapped(message);
  if (deniedInScript.test(text)) return { code: 'NOPERM', isBug: false };
  if (text.startsWith('ERR max number of clients')) return { code: 'maxclients', isBug: false };
  return { code: code.exec(text)?.[0] ?? 'ERR', isBug: bugs.test(text) };
}

/** The reply without the prefix of 6.2 and KeyDB, as Redis 7 would return it. */
function unwrapped(message: string): string {
  const refusal = behindDash(message);
  if (refusal !== undefined) return refusal;
  if (!ofScript.test(message)) return message;
  const text = message.replace(ofScript, '').replace(ofCommandInScript, '');
  return code.test(text) ? text : `ERR ${text}`;
}

/** The refusal of a command in a script; 6.2 and KeyDB put it after a dash, code first. */
function behindDash(message: string): string | undefined {
  const at = message.startsWith('ERR ') ? message.indexOf(': -') : -1;
  const refusal = at < 0 ? '' : message.slice(at + 3);
  return code.test(refusal) ? refusal : undefined;
}
