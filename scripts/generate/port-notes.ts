/** Advice to operators for each port while Redis, or what else backs it, is down: what users notice, and what to do. */
export const portNotes: Readonly<Record<string, string>> = {
  authService: unreachable('auth'),
  blacklist:
    'Nothing can be revoked at once, so requests that must revoke are refused. Users retry; there is nothing to clean up. With SIGN_IN_WITHOUT_REDIS=durable they continue: every process reads the revocation from SQL within five seconds.',
  chatService: unreachable('chat'),
  deduplication:
    'Alerts are refused, because duplicates could not be detected; Alertmanager retries automatically. SQL has every active request, so an empty Redis after the outage causes no duplicates and no losses.',
  directory:
    'Only chat refuses requests, and only those that name people by e-mail address or user name; user ids work.',
  drills: 'No drill can begin. Those under way end by themselves, and can be ended.',
  failedLogins:
    'SQL counts failed logins, with Redis up or down; Redis only stores for seconds that an address is locked. With stateless or durable sign-in each instance stores that separately.',
  fanOut:
    'Stored messages reach the sockets of the instance that stored them; other instances read them from the store. Keep the sockets of a conversation on one instance (the gateway does).',
  keyNotices:
    'Devices are not told over their socket that their one-time pre-keys run low. Nobody has to act: a device learns it by `is_low` whenever it asks or uploads, and is told at a claim ten minutes later.',
  messages:
    'Messages can neither be sent, changed nor read where they are in Cassandra; conversations, participants and presence work. Clients retry; nothing that was acknowledged is lost, and sockets get what they missed when it is back. Messages in PostgreSQL are down with the database alone.',
  newSessions:
    'Nobody can log in. If that cannot wait, set SIGN_IN_WITHOUT_REDIS=durable: sessions are then started in SQL alone; or stateless: tokens then last 300 s and cannot be refreshed.',
  objects:
    'Files can neither be uploaded nor downloaded; lists, shares and quotas work. Clients retry; nothing that was acknowledged is lost. See the runbook of the object store.',
  presence: 'Everybody appears offline. Recovery rebuilds presence from the open sockets.',
  push: 'Devices without a socket are not pushed, because nobody knows which devices those are. Pushes wait in SQL; when Redis is back they are sent if the call still rings.',
  rateLimit:
    'Each gateway enforces its share (limit ÷ live instances), and counts the requests from before the outage. Do not add gateways during an outage.',
  remediationRequests:
    'Alerts are refused where their requests are objects of Kubernetes whose API server is down; Alertmanager retries automatically, and each alert still gets one request. Requests in PostgreSQL are down with the database alone.',
  removals:
    'Files are deleted and their quota is free; their bytes stay until the sweep removes them, within minutes after the outage.',
  resetTokens:
    'Password resets wait, except with SIGN_IN_WITHOUT_REDIS=durable. Pending mails are sent, and stay valid for one hour.',
  revocations:
    'A copy answers; it is renewed from SQL when the outage begins and every 5 s. If SQL is down too for a minute, these rows fail closed: repair SQL first.',
  scans:
    'Uploaded files cannot be downloaded yet: they wait, and are scanned within minutes after the outage. See the runbook of unanswered scans.',
  sessions:
    'Access tokens work until they expire; they cannot be refreshed during the outage, except with SIGN_IN_WITHOUT_REDIS=durable. Recovery deletes the keys of sessions that ended meanwhile.',
  storageService: unreachable('storage'),
  storms:
    'Alerts are refused, because storms could not be detected. If Redis is empty after the outage, a storm is counted again from zero and may get a second request.',
  videoService: unreachable('video'),
};

/** Of a service behind the gateway. */
function unreachable(service: string): string {
  return `No instance of ${service} can be reached from that gateway, so its routes are refused; the routes of other services work. See the runbook of a service that is down.`;
}
