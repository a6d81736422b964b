import type { RedisCommands } from './client.ts';

/** The maximum of questions that share a command. */
const maxTogether = 250;

interface Question {
  readonly keys: readonly string[];
  readonly resolve: (exists: boolean | Promise<boolean>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Tells whether any of some keys exists. The questions of one turn of the event loop are one command,
 * which answers all of them while no key exists; if one does, each question gets its own commands.
 * In a cluster the keys are on different servers, so each is a command. Rejects if Redis does not
 * answer.
 */
export function createAnyExists(
  redis: RedisCommands,
): (keys: readonly string[]) => Promise<boolean> {
  const byThemselves = async (keys: readonly string[]): Promise<boolean> => {
    const found = await Promise.all(keys.map((key) => redis.exists(key)));
    return found.includes(1);
  };
  if (redis.atEndOfTurn === undefined) return byThemselves;

  const askTogether = (questions: readonly Question[]): void => {
    redis.exists(...questions.flatMap(({ keys }) => keys)).then(
      (found) => {
        for (const { keys, resolve } of questions) resolve(found > 0 && byThemselves(keys));
      },
      (error: unknown) => {
        for (const { reject } of questions) reject(error);
      },
    );
  };
  let asked: Question[] = [];
  const askAll = (): void => {
    const all = asked;
    asked = [];
    for (let at = 0; at < all.length; at += maxTogether) {
      askTogether(all.slice(at, at + maxTogether));
    }
  };
  return (keys) =>
    new Promise((resolve, reject) => {
      if (asked.push({ keys, resolve, reject }) === 1) redis.atEndOfTurn?.(askAll);
    });
}
