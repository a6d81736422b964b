import { errorText } from '../../app/error-text.ts';

/** Their messages say what a person can do. */
const ownWords = ['MediaError', 'CallOverError'];

/** What went wrong with a call, in words for the user of the page. */
export function callErrorText(error: unknown): string {
  const hasWords = error instanceof Error && ownWords.includes(error.name);
  return hasWords ? error.message : errorText(error);
}
