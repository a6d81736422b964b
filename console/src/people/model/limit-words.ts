/**
 * What the loss of a port means for the people of a conversation, in plain words; empty where they
 * notice nothing. The keys are those of `portNames` in our contracts.
 */
export const limitWords: Readonly<Record<string, string>> = {
  'auth-service': 'Accounts cannot be reached: nobody can sign in or change one.',
  blacklist: '',
  'chat-service': 'Messages cannot be read or sent.',
  deduplication: '',
  directory: '',
  drills: '',
  'failed-logins': '',
  'fan-out': 'Messages may take a few seconds. Nobody sees who is typing.',
  'key-notices': '',
  messages: 'Messages cannot be read or sent.',
  'new-sessions': 'New accounts and other devices cannot sign in.',
  objects: 'Files cannot be sent or opened.',
  presence: 'Who is online is not known.',
  push: 'Calls ring only on devices where this page, or the app, is open.',
  'rate-limit': '',
  'remediation-requests': '',
  removals: '',
  'reset-tokens': 'Passwords cannot be reset.',
  revocations: 'A device that is signed out elsewhere may stay signed in for up to a minute.',
  scans: 'Files that are new cannot be opened until they have been checked.',
  sessions: 'Signing in, signing out and changing a password have to wait.',
  'storage-service': 'Files cannot be sent or opened.',
  storms: '',
  'video-service': 'Calls cannot begin or be answered.',
};
