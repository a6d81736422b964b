/** The dependency that a mode is about if it names none, and that `whenRedisDown` speaks of. */
export const redisName = 'redis';

const valid = /^[A-Za-z][\w-]*$/;

/**
 * Returns the name, which stands in headers, codes and labels as it is.
 * @throws Error if it has other characters than letters, digits, _ and -
 */
export function requireDependencyName<Name extends string>(name: Name): Name {
  if (valid.test(name)) return name;
  throw new Error(`expected letters, digits, _ and - in the name of a dependency: ${name}`);
}

/** The dependency in a sentence. */
export function nameInProse(dependency: string): string {
  return dependency === redisName ? 'Redis' : dependency;
}
