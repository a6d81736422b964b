/** Does `work` for every input, so many at once; the results are in the order of the inputs. */
export async function mapBounded<Input, Output>(
  inputs: readonly Input[],
  atOnce: number,
  work: (input: Input) => Promise<Output>,
): Promise<Output[]> {
  const outputs: Output[] = [];
  // One iterator for all: whoever is free takes what comes next.
  const next = inputs.entries();
  let failed = false;
  const worker = async (): Promise<void> => {
    for (const [index, input] of next) {
      if (failed) return;
      try {
        outputs[index] = await work(input);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, inputs.length) }, worker));
  return outputs;
}
