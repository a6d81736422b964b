import { z } from 'zod';
import { exactlyOne, Timestamp, text } from './primitives.ts';
import { Tokens } from './tokens.ts';

/** A code of an authenticator app: six digits; spaces do not matter. */
export const TotpCode = z
  .string()
  .max(20)
  .regex(/^\s*(?:[0-9]\s*){6}$/, 'expected six digits')
  .overwrite((value) => value.replaceAll(/\s/g, ''))
  .meta({ examples: ['287082'] });

/** Number of recovery codes that a user gets at once. */
export const RECOVERY_CODES = 10;
/** Characters of a recovery code in base32: 120 bits. */
export const RECOVERY_CODE_LENGTH = 24;

const recoveryCodeExample = { examples: ['k3xw-7q2m-ab5c-d6ef-2h4j-m7np'] };

/** A recovery code. Letter case, spaces and dashes do not matter. */
export const RecoveryCode = z
  .string()
  .max(64)
  .regex(
    /^[\s-]*(?:[A-Za-z2-7][\s-]*){24}$/,
    'expected a recovery code, such as k3xw-7q2m-ab5c-d6ef-2h4j-m7np',
  )
  .overwrite((value) => value.toLowerCase().replaceAll(/[\s-]/g, ''))
  .meta(recoveryCodeExample);

/** Reply of `GET /v1/users/me/second-factor`. */
export const SecondFactors = z
  .object({
    enabled: z.boolean().meta({
      description: 'Whether a sign-in needs a second factor',
      examples: [true],
    }),
    factors: z.array(
      z.object({
        kind: z.literal('totp'),
        added_at: Timestamp,
        last_used_at: Timestamp,
      }),
    ),
    recovery_codes_left: z
      .int()
      .min(0)
      .max(RECOVERY_CODES)
      .meta({ examples: [9] }),
  })
  .meta({ id: 'SecondFactors' });
export type SecondFactors = z.infer<typeof SecondFactors>;

/** Maximum time from the beginning of an enrolment to its confirmation, in seconds. */
export const ENROLMENT_SECONDS = 600;

/** Reply of `POST /v1/users/me/second-factor/totp`. */
export const TotpEnrolment = z
  .object({
    secret: z
      .string()
      .meta({ description: 'Base32, to be typed', examples: ['GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'] }),
    otpauth_uri: z.string().meta({
      examples: ['otpauth://totp/SecureConnect:ada%40example.com?secret=GEZDGNBVGY3TQOJQ'],
    }),
    qr_svg: z
      .string()
      .meta({ description: 'The address as a QR code', examples: ['<svg xmlns="…">…</svg>'] }),
    expires_in: z
      .int()
      .min(1)
      .meta({ description: 'Seconds', examples: [ENROLMENT_SECONDS] }),
  })
  .meta({ id: 'TotpEnrolment' });
export type TotpEnrolment = z.infer<typeof TotpEnrolment>;

/** Body of `POST /v1/users/me/second-factor/totp/confirm`. */
export const TotpConfirmation = z.object({ code: TotpCode });
export type TotpConfirmation = z.infer<typeof TotpConfirmation>;

/** New recovery codes; they are shown only this once. */
export const RecoveryCodesCreated = z
  .object({ recovery_codes: z.array(z.string().meta(recoveryCodeExample)) })
  .meta({ id: 'RecoveryCodesCreated' });
export type RecoveryCodesCreated = z.infer<typeof RecoveryCodesCreated>;

/** Reply of `DELETE /v1/users/me/second-factor`. */
export const SecondFactorRemoved = z.object({ removed: z.literal(true) });
export type SecondFactorRemoved = z.infer<typeof SecondFactorRemoved>;

/** For how long a sign-in waits for its second factor, in seconds. */
export const CHALLENGE_SECONDS = 300;
/** Maximum wrong codes of a challenge. */
export const CHALLENGE_TRIES = 5;

/** The challenge of a sign-in that waits for its second factor. */
export const SignInChallenge = text(1, 128).meta({
  examples: ['q7Jm0tVnYw2xZ8bKcR5sHdLgP1uE3fAoq7Jm0tVnYw2'],
});

/** Reply of a sign-in of an account with a second factor. */
export const SecondFactorRequired = z
  .object({
    second_factor_required: z.literal(true),
    challenge: SignInChallenge,
    expires_in: z
      .int()
      .min(1)
      .meta({ description: 'Seconds', examples: [CHALLENGE_SECONDS] }),
  })
  .meta({ id: 'SecondFactorRequired' });
export type SecondFactorRequired = z.infer<typeof SecondFactorRequired>;

/** Reply of a sign-in: a session, or the question for the second factor. */
export const SignedIn = z.union([Tokens, SecondFactorRequired]);
export type SignedIn = z.infer<typeof SignedIn>;

/** Body of `POST /v1/auth/login/second-factor`: exactly one of the codes. */
export const LoginSecondFactor = z
  .object({
    challenge: SignInChallenge,
    code: TotpCode.exactOptional(),
    recovery_code: RecoveryCode.exactOptional(),
  })
  .check(exactlyOne('code', 'recovery_code'))
  .meta({
    examples: [{ challenge: 'q7Jm0tVnYw2xZ8bKcR5sHdLgP1uE3fAoq7Jm0tVnYw2', code: '287082' }],
  });
export type LoginSecondFactor = z.infer<typeof LoginSecondFactor>;
