// A page that connects to a room of LiveKit with the client of LiveKit. sfu-call.test.ts drives it.
globalThis.sfuCall = (() => {
  let room;
  const disconnections = [];

  return {
    /** Connects and sends the picture of the camera. Rejects if LiveKit refuses the token. */
    async connect({ url, token }) {
      room = new LivekitClient.Room();
      room.on('disconnected', (reason) =>
        disconnections.push(LivekitClient.DisconnectReason[reason]),
      );
      room.on('trackSubscribed', (track) => document.body.append(track.attach()));
      await room.connect(url, token);
      await room.localParticipant.setCameraEnabled(true);
      return room.localParticipant.identity;
    },

    /** Connects again, and may be removed before that is done. */
    async comeBack({ url, token }) {
      room = new LivekitClient.Room();
      await room.connect(url, token).catch((error) => error.message);
    },

    isConnected: () => room.state !== LivekitClient.ConnectionState.Disconnected,

    /** The decoded frames of each other participant, by identity. */
    async framesDecoded() {
      const decoded = {};
      for (const { identity, videoTrackPublications } of room.remoteParticipants.values()) {
        for (const { track } of videoTrackPublications.values()) {
          const stats = await track?.getReceiverStats();
          decoded[identity] = stats?.framesDecoded ?? 0;
        }
      }
      return decoded;
    },

    /** Why the page was disconnected, each time. */
    disconnections: () => disconnections,

    disconnect: () => room.disconnect(),
  };
})();
