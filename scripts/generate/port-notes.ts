/** What an operator should know of a port while Redis is down: what users notice, and what to do. */
export const portNotes: Readonly<Record<string, string>> = {
  blacklist:
    'Nothing can be revoked at once, so what must revoke is refused. Users retry; nothing to clean up.',
  deduplication:
    'Alerts are refused, as doubles could not be kept out; Alertmanager comes again by itself. SQL has every active request, so nothing is doubled or lost when Redis comes back empty.',
  directory:
    'Only chat refuses, and only requests that name people by address or user name; user ids work.',
  failedLogins:
    'SQL counts, with Redis or without; Redis only remembers for seconds that an address is locked. With stateless login each instance remembers that by itself.',
  fanOut:
    'Stored messages reach the sockets of the instance that took them; others read them from history. Keep the sockets of a conversation on one instance (the gateway does).',
  newSessions:
    'Nobody can log in. If that cannot wait, ENABLE_STATELESS_AUTH=true gives 300 s tokens; they cannot be refreshed.',
  presence: 'Everybody is offline. It is rebuilt from the open sockets on recovery.',
  rateLimit:
    'Each gateway enforces its share (limit ÷ live instances), starting from what was spent. Do not add gateways during an outage.',
  resetTokens:
    'Password resets wait. Mails that are under way are sent, and stay valid for their hour.',
  revocations:
    'Answered from a copy that is renewed from SQL when the outage begins and every 5 s. If SQL is away for a minute too, these rows refuse: mend SQL first.',
  sessions: 'Existing access tokens go on until they expire; they cannot be renewed meanwhile.',
  storms:
    'Alerts are refused, as storms could not be seen. A storm that is counted anew after Redis came back empty may begin a second request.',
};
