import { expect, test } from 'vitest';
import { Login } from './tokens.ts';
import { OwnUser, ProfileChange, User, UserLookup } from './users.ts';

const own = {
  user_id: '0f0e0d0c-0b0a-4908-8706-050403020100',
  email: 'ada@example.org',
  email_verified: true,
  role: 'user',
  username: 'Ada',
  display_name: 'Ada L.',
  status: 'online',
  created_at: '2026-01-31T12:00:00.000Z',
};

test('others never see an e-mail address or a role', () => {
  const { email: _hidden, email_verified: _hiddenToo, role: _hiddenAsWell, ...seen } = own;
  expect(User.parse(own)).toEqual(seen);
  expect(OwnUser.parse(own)).toEqual(own);
});

test('a change of profile changes something', () => {
  expect(ProfileChange.safeParse({}).success).toBe(false);
  expect(ProfileChange.safeParse({ username: 'other' }).success).toBe(false);
  expect(ProfileChange.parse({ avatar_url: null })).toEqual({ avatar_url: null });
  const picture = 'https://example.org/a.png';
  expect(ProfileChange.parse({ avatar_url: picture })).toEqual({ avatar_url: picture });
});

test.each(['javascript:alert(1)', 'data:,x', 'a', '', `https://a.de/${'x'.repeat(2048)}`])(
  '%.30s is not an avatar',
  (avatar_url) => expect(ProfileChange.safeParse({ avatar_url }).success).toBe(false),
);

test('a user is looked up by one of e-mail address and user name', () => {
  expect(UserLookup.parse({ email: 'ADA@example.org' })).toEqual({ email: 'ada@example.org' });
  expect(UserLookup.safeParse({}).success).toBe(false);
  expect(UserLookup.safeParse({ email: 'a@b.co', username: 'ada' }).success).toBe(false);
});

test('login takes passwords that could not be set today', () => {
  const login = (password: unknown) => Login.safeParse({ email: 'a@b.co', password }).success;
  expect([login('x'), login('x'.repeat(1024))]).toEqual([true, true]);
  expect([login(''), login('x'.repeat(1025)), login(1), login('a\0')]).toEqual([
    false,
    false,
    false,
    false,
  ]);
});
