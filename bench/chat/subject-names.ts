/** What is compared, in the order of the tables. */
export const subjectNames = [
  'secureconnect-postgres',
  'secureconnect-cassandra',
  'socket.io',
  'socket.io-insert',
] as const;

export type SubjectName = (typeof subjectNames)[number];

/** How they stand in the tables. */
export const subjectTitles: Readonly<Record<SubjectName, string>> = {
  'secureconnect-postgres': 'SecureConnect, PostgreSQL',
  'secureconnect-cassandra': 'SecureConnect, Cassandra',
  'socket.io': 'socket.io, storing nothing',
  'socket.io-insert': 'socket.io and one prepared INSERT',
};

/** Whether a subject is SecureConnect, which must miss and double no delivery. */
export function isOurs(name: SubjectName): boolean {
  return name.startsWith('secureconnect');
}
