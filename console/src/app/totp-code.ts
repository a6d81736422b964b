/** Whether a text is a code of an authenticator app: six digits, perhaps with spaces. */
export function isTotpCode(text: string): boolean {
  return /^\s*(?:\d\s*){6}$/.test(text);
}
