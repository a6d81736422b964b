/** What is compared, in the order of the tables. */
export const subjectNames = ['secureconnect', 'floor', 'ejabberd', 'prosody'] as const;

export type SubjectName = (typeof subjectNames)[number];

/** How they stand in the tables. */
export const subjectTitles: Readonly<Record<SubjectName, string>> = {
  secureconnect: 'SecureConnect',
  floor: '`ws` and one prepared INSERT',
  ejabberd: 'ejabberd, archive in SQL',
  prosody: 'Prosody, archive in SQL',
};
