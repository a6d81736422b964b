/** Codes of sockets that are not to be opened again: the session is over, a newer page took over. */
const finalCodes = [4403, 4410];

/** A socket that opens again after it has closed, later each time; frames wait for it. */
export function keepOpen(url, token, { opened, heard, closed }) {
  let socket;
  let timer;
  let failures = 0;
  let isOver = false;
  const waiting = [];

  async function open() {
    const bearer = await token();
    if (isOver) return;
    socket = new WebSocket(url, ['bearer', bearer]);
    socket.onopen = () => {
      failures = 0;
      for (const frame of waiting.splice(0)) socket.send(frame);
      opened?.();
    };
    socket.onmessage = ({ data }) => heard(JSON.parse(data));
    socket.onclose = ({ code }) => {
      if (!finalCodes.includes(code)) openLater();
      closed(code);
    };
  }
  function openLater() {
    const seconds = Math.min(15, 0.25 * 2 ** failures) * (0.5 + Math.random() / 2);
    failures += 1;
    timer = setTimeout(() => open().catch(openLater), seconds * 1000);
  }
  open().catch(openLater);

  return {
    send(frame) {
      const isOpen = socket?.readyState === WebSocket.OPEN;
      if (isOpen) socket.send(JSON.stringify(frame));
      else waiting.push(JSON.stringify(frame));
    },
    close() {
      isOver = true;
      clearTimeout(timer);
      if (socket === undefined) return;
      socket.onopen = socket.onmessage = socket.onclose = null;
      // Closed while it connects, it would be an error in the console.
      if (socket.readyState === WebSocket.CONNECTING) socket.onopen = () => socket.close();
      else socket.close();
    },
  };
}
