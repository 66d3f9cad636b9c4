import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../config/settings.js';

/** The addresses that mails lead to: built from the settings alone, never from a request's Host. */
@Injectable()
export class AuthLinks {
  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  activation(token: string): string {
    return `${this.settings.frontendUrl}/activate?token=${token}`;
  }

  passwordReset(token: string): string {
    return `${this.settings.frontendUrl}/reset-password?token=${token}`;
  }

  emailChange(token: string): string {
    return `${this.settings.frontendUrl}/confirm-email?token=${token}`;
  }

  /** The page where an invited person registers. */
  registration(invitation: string): string {
    return `${this.settings.frontendUrl}/register?invitation=${invitation}`;
  }

  login(): string {
    return `${this.settings.frontendUrl}/login`;
  }

  /** The page where a forgotten password is replaced; without a token. */
  forgottenPassword(): string {
    return `${this.settings.frontendUrl}/reset-password`;
  }
}
