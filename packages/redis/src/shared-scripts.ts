import { UnexpectedReply } from '@secureconnect/degraded-mode/ioredis/parts';
import type { RedisCommands } from './client.ts';
import { redisScript } from './script.ts';

/** Calls a script of a set: its KEYS and ARGV; callers parse the reply. */
export type ScriptCall = (
  keys: readonly string[],
  values: readonly (string | number)[],
) => Promise<unknown>;

interface Call {
  /** The number of the script in the set, from 1. */
  readonly script: number;
  readonly keys: readonly string[];
  readonly values: readonly (string | number)[];
  readonly resolve: (reply: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Bounds the time for which one command occupies the server. */
const maxCalls = 64;
/** Bounds what a server that does not answer adds to the time limit of the calls that wait. */
const maxWaitMs = 5;

/**
 * Lua scripts that share commands: while a command is under way, the next calls of any of them
 * collect for one command, because most of the cost of a small script is that of its command. Calls
 * run in their order, and share the time limit and the error of their command; a call before the
 * one that failed may have been done. Every script returns a value, and the keys of all calls must
 * share a hash tag.
 */
export function sharedScripts<Name extends string>(
  redis: RedisCommands,
  scripts: Readonly<Record<Name, string>>,
): Readonly<Record<Name, ScriptCall>> {
  const named = Object.entries<string>(scripts);
  const queue = new CallQueue(redisScript(redis, oneOfMany(named.map(([, lua]) => lua))));
  const calls = named.map(([name], index) => {
    const call: ScriptCall = (keys, values) => queue.run(index + 1, keys, values);
    return [name, call] as const;
  });
  return Object.fromEntries(calls) as Record<Name, ScriptCall>;
}

class CallQueue {
  readonly #script: ScriptCall;
  #waiting: Call[] = [];
  /** Whether a command is under way that the next calls wait for, or about to be sent. */
  #isBusy = false;

  constructor(script: ScriptCall) {
    this.#script = script;
  }

  run(script: number, keys: Call['keys'], values: Call['values']): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ script, keys, values, resolve, reject });
      if (!this.#isBusy) this.#sendSoon();
    });
  }

  /** At the end of this turn of the event loop. */
  #sendSoon(): void {
    this.#isBusy = true;
    setImmediate(() => {
      let isOver = false;
      const next = (): void => {
        clearTimeout(timer);
        if (isOver) return;
        isOver = true;
        if (this.#waiting.length > 0) this.#sendSoon();
        else this.#isBusy = false;
      };
      const timer = setTimeout(next, maxWaitMs);
      void this.#send(this.#waiting.splice(0, maxCalls)).then(next);
    });
  }

  /** Never throws: every outcome is that of a call. */
  async #send(calls: readonly Call[]): Promise<void> {
    try {
      const keys = calls.flatMap((call) => call.keys);
      const values = calls.flatMap((call) => [
        call.script,
        call.keys.length,
        call.values.length,
        ...call.values,
      ]);
      const replies = await this.#script(keys, [calls.length, ...values]);
      if (!Array.isArray(replies) || replies.length !== calls.length) {
        throw new UnexpectedReply('shared scripts');
      }
      for (const [index, { resolve }] of calls.entries()) resolve(replies[index]);
    } catch (error) {
      for (const { reject } of calls) reject(error);
    }
  }
}

/** A script that runs scripts, each call with KEYS and ARGV of its own. */
function oneOfMany(scripts: readonly string[]): string {
  const functions = scripts.map((lua) => `function(KEYS, ARGV)\n${lua}\nend`);
  return `
local scripts = { ${functions.join(',\n')} }
local replies, key, value = {}, 0, 1
for call = 1, tonumber(ARGV[1]) do
  local script, keyCount, valueCount = ARGV[value + 1], ARGV[value + 2], ARGV[value + 3]
  value = value + 3
  local keys, values = {}, {}
  for n = 1, tonumber(keyCount) do keys[n] = KEYS[key + n] end
  for n = 1, tonumber(valueCount) do values[n] = ARGV[value + n] end
  key, value = key + #keys, value + #values
  replies[call] = scripts[tonumber(script)](keys, values)
end
return replies
`;
}
