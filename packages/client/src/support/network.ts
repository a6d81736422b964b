interface Events {
  addEventListener?(
    type: string,
    listener: () => void,
    options: { readonly signal: AbortSignal },
  ): void;
}

/** Listens to what a browser knows of its network; elsewhere nobody says anything. */
export function onNetwork(
  change: 'offline' | 'online',
  listener: () => void,
  signal: AbortSignal,
): void {
  const events = globalThis as unknown as Events;
  events.addEventListener?.(change, listener, { signal });
}
