import { dictionary } from '@zxcvbn-ts/language-common';

/** Some 49,000 passwords, the most common of several breaches, in lower case. */
const common: ReadonlySet<string> = new Set(dictionary['passwords-common']);

/** Names of the product and of what it is, in the form of `lettersOf`. */
const productWords = ['secureconnect'];

/** The person whose password is judged. */
export interface PasswordOwner {
  readonly email?: string | undefined;
  readonly username?: string | undefined;
  readonly displayName?: string | undefined;
}

/** Maximum digits and symbols before and after a word that make it no better. */
const maxTrimmings = 6;
/** Shorter parts of names occur in good passwords by chance. */
const minNameLength = 3;

/**
 * Why a password is among the first that an attacker tries, or undefined. Compares whole passwords,
 * not parts of them (NIST SP 800-63B-4, 3.1.1.2): with the list of common ones, with the names of
 * the product and of the owner, each also with digits and symbols around it, and with repetitions.
 */
export function whyGuessable(password: string, owner: PasswordOwner): string | undefined {
  const text = password.normalize('NFKC').toLowerCase();
  const word = withoutTrimmings(text);
  if (common.has(text) || common.has(word)) return 'it is a common password';
  if (isRepetition(text)) return 'it repeats a few characters';
  const letters = lettersOf(word);
  if (productWords.includes(letters)) return 'it is the name of this product';
  const names = namesOf(owner);
  if (names.has(letters) || names.has(lettersOf(text)) || names.has(text)) {
    return 'it is your name or address';
  }
  return undefined;
}

/** Without some digits and symbols at its ends: "summer" for "summer2026!". */
function withoutTrimmings(text: string): string {
  const characters = [...text];
  const isLetter = (character: string): boolean => /^\p{L}$/u.test(character);
  const word = characters.slice(
    Math.max(0, characters.findIndex(isLetter)),
    characters.findLastIndex(isLetter) + 1,
  );
  return characters.length - word.length <= maxTrimmings ? word.join('') : text;
}

/** Letters and digits, so that "Secure-Connect" is "secureconnect". */
function lettersOf(text: string): string {
  return text.replace(/[^\p{L}\p{N}]+/gu, '');
}

/** Whether one, two or three characters are repeated to the end, as in "abcabcabc". */
function isRepetition(text: string): boolean {
  const characters = [...text];
  return [1, 2, 3].some(
    (period) =>
      characters.length >= 3 * period &&
      characters.length % period === 0 &&
      characters.every((character, at) => character === characters[at % period]),
  );
}

function namesOf({ email, username, displayName }: PasswordOwner): ReadonlySet<string> {
  const [local, host] = email?.toLowerCase().split('@') ?? [];
  const domain = host?.split('.').slice(0, -1).join('');
  const whole = [email, local, domain, username, displayName].flatMap((name) => name ?? []);
  const forms = whole.flatMap((name) => {
    const text = name.normalize('NFKC').toLowerCase();
    return [text, lettersOf(text), lettersOf(withoutTrimmings(text))];
  });
  return new Set(forms.filter((form) => form.length >= minNameLength));
}
