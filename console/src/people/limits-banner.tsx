import { useDesk } from './person-context.ts';

/** What is limited now, in plain words; nothing while everything is normal. */
export function LimitsBanner() {
  const { limits } = useDesk();
  const sentences = limits.sentences.value;
  return (
    // It is there from the start, so that screen readers hear of a change.
    <div role="status">
      {limits.isLimited.value && (
        <div class="rounded-md bg-warn-soft px-4 py-3 text-sm text-warn">
          <p class="font-semibold">
            A part of the server is down. Messages, calls and files go on.
          </p>
          {sentences.length > 0 && (
            <ul class="mt-1 list-disc pl-5">
              {sentences.map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
          )}
        </div>
      )}
    </div>
  );
}
