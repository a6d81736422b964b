import { Child, type ChildOptions } from './child.ts';

/**
 * Runs a child to its end and resolves to its only message. A measurement in a process of its own is
 * free of what others have left in the heap and the compiler. @throws Error if it told nothing
 */
export async function resultOf(options: Omit<ChildOptions, 'onMessage'>): Promise<unknown> {
  let result: unknown;
  await using child = new Child({
    ...options,
    onMessage(message) {
      result = message;
    },
  });
  await child.ended();
  if (result === undefined) throw new Error(`no result of ${options.values.join(' ')}`);
  return result;
}
