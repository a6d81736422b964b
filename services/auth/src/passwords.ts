import bcrypt from 'bcrypt';

export interface Passwords {
  hash(password: string): Promise<string>;
  /** Takes as long without a stored hash as with one, so that time tells nothing. */
  matches(password: string, storedHash: string | undefined): Promise<boolean>;
}

/** bcrypt on the thread pool, off the event loop. */
export async function createPasswords(cost: number): Promise<Passwords> {
  const nobodysHash = await bcrypt.hash('a password that no one has', cost);
  return {
    hash: (password) => bcrypt.hash(password, cost),
    async matches(password, storedHash) {
      const equal = await bcrypt.compare(password, storedHash ?? nobodysHash);
      return equal && storedHash !== undefined;
    },
  };
}
