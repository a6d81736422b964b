import { expect, test } from 'vitest';
import { whyGuessable } from './guessable.ts';

const ada = {
  email: 'ada.king@analyticalengine.example',
  username: 'AdaKing',
  displayName: 'Ada Lovelace',
};

test.each([
  ['password1234', 'it is a common password'],
  ['PASSWORD1234', 'it is a common password'],
  ['Liverpool2026!', 'it is a common password'],
  ['ｐａｓｓｗｏｒｄ', 'it is a common password'],
  ['SecureConnect2026!', 'it is the name of this product'],
  ['secure connect', 'it is the name of this product'],
  ['abcabcabcabc', 'it repeats a few characters'],
  ['zzzzzzzzzzzzzzz', 'it repeats a few characters'],
  ['ada.king@analyticalengine.example', 'it is your name or address'],
  ['AdaKing1815', 'it is your name or address'],
  ['Ada Lovelace!!', 'it is your name or address'],
  ['AnalyticalEngine1815', 'it is your name or address'],
])('%s is refused: %s', (password, why) => {
  expect(whyGuessable(password, ada)).toBe(why);
});

test.each([
  'correct horse battery staple',
  'my password is a sentence',
  'ada likes engines with brass wheels',
  'summer-7193-4471-0923',
  'tr0mb0ne gravel kettle',
])('%s is allowed: only whole passwords are compared', (password) => {
  expect(whyGuessable(password, ada)).toBeUndefined();
});
