/** That of the platform. Node.js 20 has none: then that of `ws`, whose part that is used is the same. */
export async function platformWebSocket(): Promise<typeof globalThis.WebSocket> {
  if (globalThis.WebSocket !== undefined) return globalThis.WebSocket;
  const { WebSocket } = await import('ws');
  return WebSocket as unknown as typeof globalThis.WebSocket;
}
