/** Runs `work` for every input with bounded concurrency; results are in the order of the inputs. */
export async function mapBounded<Input, Output>(
  inputs: readonly Input[],
  atOnce: number,
  work: (input: Input) => Promise<Output>,
): Promise<Output[]> {
  const outputs: Output[] = [];
  // The workers share one iterator: a free worker takes the next input.
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
