import { PASSWORD_MIN_LENGTH } from '@secureconnect/contracts';
import { ApiError } from '@secureconnect/service';
import type { BreachedPasswords } from './breached-passwords.ts';
import { type PasswordOwner, whyGuessable } from './guessable.ts';

/** The rules for new passwords beyond the schema's; at registration, reset and change. */
export interface NewPasswords {
  /**
   * Resolves if the owner may have this password.
   * @param field the field of the request that has it, for the error
   * @throws ApiError VALIDATION_ERROR that says what is wrong and what to do
   */
  check(password: string, owner: PasswordOwnerWithFactors, field: string): Promise<void>;
}

export interface PasswordOwnerWithFactors extends PasswordOwner {
  /** Whether signing in also takes a second factor; then the schema's length is enough. */
  readonly hasSecondFactor?: boolean;
}

export interface NewPasswordsOptions {
  /** Minimum length where the password is the only factor, in code points. */
  readonly minLength: number;
  readonly breached: BreachedPasswords;
}

/** @throws ApiError from `check`, see there */
export function createNewPasswords({ minLength, breached }: NewPasswordsOptions): NewPasswords {
  return {
    async check(password, owner, field) {
      const least = owner.hasSecondFactor === true ? PASSWORD_MIN_LENGTH : minLength;
      if ([...password].length < least) {
        throw refused(field, `expected ${least} or more characters`);
      }
      const why = whyGuessable(password, owner);
      if (why !== undefined) {
        throw refused(field, `${why}; choose a different one, for instance several random words`);
      }
      if (await breached.isBreached(password)) {
        const what = 'it is known from a breach of another site';
        throw refused(field, `${what}; choose one that you use nowhere else`);
      }
    },
  };
}

function refused(field: string, message: string): ApiError {
  return new ApiError('VALIDATION_ERROR', 'This password cannot be used; choose another.', {
    details: [{ field, message }],
  });
}
