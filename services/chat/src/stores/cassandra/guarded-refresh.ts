import type { Client } from 'cassandra-driver';

/** What is used here of the driver's control connection, which is no part of its types. */
export interface ControlConnection {
  _refresh(hosts?: unknown): Promise<void>;
  _isShuttingDown: boolean;
}

const pauseMs = 1000;

/** The control connection of a client. @throws Error where the driver has a different one */
export function controlConnectionOf(client: Client): ControlConnection {
  const { controlConnection } = client as unknown as { controlConnection?: ControlConnection };
  if (typeof controlConnection?._refresh === 'function') return controlConnection;
  throw new Error('cassandra-driver has no control connection with _refresh: see guardRefresh');
}

/**
 * Lets no failed refresh of the driver's control connection end the process. The driver (4.10.0)
 * refreshes it in the background, sometimes twice at once or while it shuts down; then one of them
 * finds that its connection is gone and rejects, which nobody awaits. Here the failure is told, and a
 * second later the connection is refreshed once more, as it may watch no host now.
 */
export function guardRefresh(control: ControlConnection, onError: (error: unknown) => void): void {
  const refresh = control._refresh.bind(control);
  let isDue = false;
  control._refresh = async (hosts) => {
    try {
      await refresh(hosts);
    } catch (error) {
      if (control._isShuttingDown) return;
      onError(error);
      if (isDue) return;
      isDue = true;
      setTimeout(() => {
        isDue = false;
        void control._refresh();
      }, pauseMs).unref();
    }
  };
}
