import { useEffect, useState } from 'preact/hooks';
import type { Fleet } from '../fleet/fleet.ts';
import { type Outage, withFleet } from './outages.ts';

const key = 'secureconnect/outages';
const changed = new EventTarget();

/** Kept in this browser, so that a page that is loaded again shows them. */
function readOutages(): readonly Outage[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(kept) ? kept : [];
  } catch {
    // Not JSON: of a different version, or changed by hand.
    return [];
  }
}

/** The outages that pages of this browser have seen, and how they learn of more. */
export function useOutages(): {
  readonly outages: readonly Outage[];
  readonly note: (fleet: Fleet) => void;
} {
  const [outages, setOutages] = useState(readOutages);
  useEffect(() => {
    const update = (): void => setOutages(readOutages());
    changed.addEventListener('change', update);
    // Told of other pages only.
    addEventListener('storage', update);
    return () => {
      changed.removeEventListener('change', update);
      removeEventListener('storage', update);
    };
  }, []);
  const note = (fleet: Fleet): void => {
    const before = readOutages();
    const after = withFleet(before, fleet, Date.now());
    const text = JSON.stringify(after);
    if (text === JSON.stringify(before)) return;
    localStorage.setItem(key, text);
    changed.dispatchEvent(new Event('change'));
  };
  return { outages, note };
}
