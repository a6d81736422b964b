/** What is compared, in the order of the tables. */
export const subjectNames = [
  'secureconnect-postgres',
  'secureconnect-cassandra',
  'socket.io',
] as const;

export type SubjectName = (typeof subjectNames)[number];

/** How they stand in the tables. */
export const subjectTitles: Readonly<Record<SubjectName, string>> = {
  'secureconnect-postgres': 'SecureConnect, PostgreSQL',
  'secureconnect-cassandra': 'SecureConnect, Cassandra',
  'socket.io': 'socket.io, storing nothing',
};
