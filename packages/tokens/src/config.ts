import { secret } from '@secureconnect/service';

/** The variables of every service that reads tokens. */
export const tokenVariables = {
  JWT_SECRET: secret(32),
};
