/** The groups of the documentation in their order, and what each is about. */
export const tagDescriptions = {
  'Sign-in': 'Registration, sessions and passwords.',
  Account: 'Your own account: linked sign-ins, export and deletion.',
  Users: 'Profiles, the directory of users, and blocks.',
  Conversations: 'Direct conversations and groups, and their settings.',
  Participants: 'Who takes part in a group, and in which role.',
  Messages: 'History, sending, edits, reactions, pins and search.',
  Receipts: 'What has been read, and by whom.',
  Presence: 'Who is online.',
  Sockets: 'Tickets for WebSockets. asyncapi.json describes the frames.',
  Calls: 'Ringing, joining and ending calls between at most four users.',
  Files: 'Files that are stored, and the space that they use.',
  Uploads: 'The beginning and the end of an upload, whole or in parts.',
  Objects: 'The bytes of files. Signed URLs from the other routes lead here.',
  Sharing: 'Which conversations may download a file.',
  Signals: 'Deliveries of Alertmanager and Kubernetes, and the remediation requests they create.',
  Operation: 'Health, metrics, degraded mode and these documents.',
} as const;
