/** What is compared, in the order of the tables. */
export const subjectNames = [
  'secureconnect',
  'express-rate-limit',
  'express-rate-limit-pass',
  'rate-limiter-flexible',
  'ioredis',
] as const;

export type SubjectName = (typeof subjectNames)[number];

/** How they stand in the tables. */
export const subjectTitles: Readonly<Record<SubjectName, string>> = {
  secureconnect: 'SecureConnect',
  'express-rate-limit': 'express-rate-limit',
  'express-rate-limit-pass': 'express-rate-limit, passOnStoreError',
  'rate-limiter-flexible': 'rate-limiter-flexible, insurance',
  ioredis: 'bare ioredis',
};
