import { generateSync } from 'otplib';

const stepSeconds = 30;

/** The code of the current step, or of an earlier one, as an authenticator app shows it. */
export const totpCode = (secret: string, stepsAgo = 0): string =>
  generateSync({ secret, epoch: Math.floor(Date.now() / 1000) - stepsAgo * stepSeconds });
