const titles = {
  call_ringing: 'Incoming call',
  call_answered: 'Answered elsewhere',
  call_ended: 'Missed call',
  message: 'New message',
};

self.addEventListener('push', (event) => {
  event.waitUntil(show(event.data.json()));
});

async function show({ type, call_id: callId, conversation_id: conversationId, ring_until: until }) {
  const isLate = type === 'call_ringing' && Date.parse(until) < Date.now();
  const rings = type === 'call_ringing' && !isLate;
  await self.registration.showNotification(titles[isLate ? 'call_ended' : type], {
    tag: callId ?? conversationId,
    renotify: rings || type === 'message',
    requireInteraction: rings,
    data: { path: callId ? `/calls/${callId}` : `/conversations/${conversationId}` },
  });
}

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow(event.notification.data.path));
});
