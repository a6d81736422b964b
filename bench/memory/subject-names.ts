/** What is compared, in the order of the tables. */
export const subjectNames = ['ws', 'socket.io', 'secureconnect'] as const;
export type SubjectName = (typeof subjectNames)[number];

/** How they stand in the tables. */
export const subjectTitles: Readonly<Record<SubjectName, string>> = {
  ws: 'bare ws',
  'socket.io': 'socket.io',
  secureconnect: 'SecureConnect chat',
};
