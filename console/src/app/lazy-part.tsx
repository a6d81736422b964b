import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Loading } from '../ui/loading.tsx';
import { Notice } from '../ui/notice.tsx';

type Loaded =
  | { readonly state: 'loading' }
  | { readonly state: 'failed' }
  | { readonly state: 'ready'; readonly Part: ComponentType };

/** A part of the console in a file of its own, loaded when it is first shown. */
export function lazyPart(load: () => Promise<ComponentType>): ComponentType {
  let known: ComponentType | undefined;
  return function LazyPart() {
    const [loaded, setLoaded] = useState<Loaded>(() =>
      known === undefined ? { state: 'loading' } : { state: 'ready', Part: known },
    );
    useEffect(() => {
      if (known !== undefined) return;
      load().then(
        (Part) => {
          known = Part;
          setLoaded({ state: 'ready', Part });
        },
        () => setLoaded({ state: 'failed' }),
      );
    }, []);
    if (loaded.state === 'loading') return <Loading what="the page" />;
    if (loaded.state === 'ready') return <loaded.Part />;
    return (
      <Notice tone="bad">
        This page could not be loaded: the server cannot be reached, or it has a newer version. Load
        the page again.
      </Notice>
    );
  };
}
