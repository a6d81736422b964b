import { RefusedError } from '@secureconnect/client';
import type { CommandContext } from '../command.ts';
import { RouteError } from '../errors.ts';
import { Questions } from '../terminal/questions.ts';
import type { Connection } from './connect.ts';
import { isTotpCode } from './totp-code.ts';

/**
 * Does what needs a sign-in of the last minutes: where the server asks for one, asks the person for the
 * password or a code, and does it again.
 */
export async function withStepUp<Result>(
  context: CommandContext,
  request: Connection['request'],
  act: () => Promise<Result>,
): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    if (!isStepUpRequired(error)) throw error;
    await stepUp(context, request);
    return act();
  }
}

function isStepUpRequired(error: unknown): boolean {
  const cause = error instanceof RouteError ? error.cause : error;
  return cause instanceof RefusedError && cause.code === 'STEP_UP_REQUIRED';
}

async function stepUp(
  { signal, terminal }: CommandContext,
  request: Connection['request'],
): Promise<void> {
  terminal.note('This needs a sign-in of the last minutes.');
  using questions = new Questions(terminal, signal);
  const answer = await questions.ask('Password, or code of the second factor', { isSecret: true });
  const body = isTotpCode(answer) ? { code: answer } : { password: answer };
  await request('POST /v1/auth/step-up', { body }, { signal });
}
