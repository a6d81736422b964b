import type { ComponentChildren } from 'preact';
import { Loading } from './loading.tsx';
import { Notice } from './notice.tsx';

interface PolledContentProps<Value> {
  /** Of what, while it is read for the first time: "accounts". */
  readonly what: string;
  readonly value: Value | undefined;
  readonly error: string | undefined;
  readonly children: (value: Value) => ComponentChildren;
}

/** Shows what was read last, or that it is being read, and what went wrong since. */
export function PolledContent<Value>({ what, value, error, children }: PolledContentProps<Value>) {
  return (
    <>
      {error !== undefined && (
        <div class="mb-4">
          <Notice tone="bad">
            {error}
            {value === undefined ? '' : ' What is below is old.'}
          </Notice>
        </div>
      )}
      {value === undefined && error === undefined && <Loading what={what} />}
      {value !== undefined && children(value)}
    </>
  );
}
