import {
  type AuthenticationResponseJSON,
  AuthenticatorEmulator,
  PasskeysCredentialsMemoryRepository,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
  WebAuthnEmulator,
} from 'nid-webauthn-emulator';

type Algorithm = 'ES256' | 'RS256' | 'EdDSA';

export interface PasskeyDeviceOptions {
  /** The page that asks. Default: of a gateway in development. */
  readonly origin?: string;
  readonly algorithm?: Algorithm;
  /** Whether it verifies its user, as by a PIN. Default true. */
  readonly verifiesUser?: boolean;
}

/** A device with passkeys, in software, with the browser before it; answers without being asked. */
export class PasskeyDevice {
  readonly #origin: string;
  readonly #authenticator: AuthenticatorEmulator;
  readonly #browser: WebAuthnEmulator;

  constructor({ origin, algorithm = 'ES256', verifiesUser = true }: PasskeyDeviceOptions = {}) {
    this.#origin = origin ?? 'http://localhost:8080';
    this.#authenticator = new AuthenticatorEmulator({
      // Its default is one for all authenticators of the process.
      credentialsRepository: new PasskeysCredentialsMemoryRepository(),
      algorithmIdentifiers: [algorithm],
      verifications: { userPresent: true, userVerified: verifiesUser },
      userMakeCredentialInteraction: () => ({ options: { up: true, uv: verifiesUser } }),
      userGetAssertionInteraction: () => ({ options: { up: true, uv: verifiesUser } }),
    });
    this.#browser = new WebAuthnEmulator(this.#authenticator);
  }

  /** Creates a passkey, by the options of a reply. */
  create(options: unknown): RegistrationResponseJSON {
    return this.#browser.createJSON(
      this.#origin,
      options as PublicKeyCredentialCreationOptionsJSON,
    );
  }

  /**
   * Signs a challenge, by the options of a reply.
   * @param counterStep what its counter grows by; 0 and less as a copy of the device would
   */
  sign(options: unknown, counterStep = 1): AuthenticationResponseJSON {
    const { params } = this.#authenticator;
    this.#authenticator.params = { ...params, signCounterIncrement: counterStep };
    return this.#browser.getJSON(this.#origin, options as PublicKeyCredentialRequestOptionsJSON);
  }
}
