const titles = {
  call_ringing: 'Incoming call',
  call_answered: 'Answered elsewhere',
  call_ended: 'Missed call',
};

self.addEventListener('push', (event) => {
  event.waitUntil(show(event.data.json()));
});

async function show({ type, call_id: callId, ring_until: ringUntil }) {
  const isLate = type === 'call_ringing' && Date.parse(ringUntil) < Date.now();
  const rings = type === 'call_ringing' && !isLate;
  await self.registration.showNotification(titles[isLate ? 'call_ended' : type], {
    tag: callId,
    renotify: rings,
    requireInteraction: rings,
    data: { callId },
  });
}

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow(`/calls/${event.notification.data.callId}`));
});
