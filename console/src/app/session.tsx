import { Client } from '@secureconnect/client';
import { IndexedDbStore } from '@secureconnect/client/browser';
import { type ComponentChildren, createContext } from 'preact';
import { useContext, useEffect, useMemo, useState } from 'preact/hooks';
import { DegradedNews } from './degraded-news.ts';
import { watchedFetch } from './watched-fetch.ts';

/** Who is signed in here. */
export interface Session {
  readonly client: Client;
  /** Fallbacks that replies have used. */
  readonly degraded: DegradedNews;
  /** Unknown until the store has been read. */
  readonly userId: string | undefined;
  readonly state: 'reading' | 'signed_out' | 'signed_in';
  /** Reads again who is signed in; call it after `client.signIn` or `client.adopt`. */
  readonly refresh: () => Promise<void>;
  readonly signOut: () => Promise<void>;
}

const SessionContext = createContext<Session | undefined>(undefined);

/** The session of the pages below a {@link SessionProvider}. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error('useSession is called outside of SessionProvider');
  return session;
}

interface SessionProviderProps {
  /** The database of the browser that keeps the session; different ones are different people. */
  readonly storeName?: string;
  readonly children: ComponentChildren;
}

export function SessionProvider({ storeName, children }: SessionProviderProps) {
  const [userId, setUserId] = useState<string>();
  const [isRead, setIsRead] = useState(false);
  const [client, degraded] = useMemo(() => {
    const news = new DegradedNews();
    const created = new Client({
      baseUrl: location.origin,
      store: new IndexedDbStore(storeName),
      fetch: watchedFetch(({ mode, route }) => {
        if (mode === 'refused') news.tellRefusal(route);
      }),
      onDegraded: (ports, route) => news.tell(ports, route),
      onSignedOut: () => setUserId(undefined),
    });
    return [created, news];
  }, [storeName]);
  const refresh = async (): Promise<void> => {
    setUserId(await client.userId());
    setIsRead(true);
  };
  useEffect(() => {
    void refresh();
    return () => void client.close();
  }, [client]);
  const signOut = async (): Promise<void> => {
    await client.signOut();
    setUserId(undefined);
  };
  const signedInOrOut = userId === undefined ? 'signed_out' : 'signed_in';
  const state = isRead ? signedInOrOut : 'reading';
  return (
    <SessionContext.Provider value={{ client, degraded, userId, state, refresh, signOut }}>
      {children}
    </SessionContext.Provider>
  );
}
