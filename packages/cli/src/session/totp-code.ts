/** Whether an answer is a code of an authenticator app. Neither passwords nor recovery codes are six digits. */
export function isTotpCode(answer: string): boolean {
  return /^\d{6}$/.test(answer);
}
