import { passwordStrength } from '../text/rules.js';
import { t } from '../texts/index.js';

/** What is wrong with a new password and its repetition. */
export function passwordFaults(typed: { password: string; passwordConfirmation: string }): {
  password?: string;
  passwordConfirmation?: string;
} {
  const strength = passwordStrength(typed.password, []);
  return {
    ...((strength === 'empty' || strength === 'short') && { password: typed.password ? t.register.passwordShort : t.register.needed }),
    ...(typed.password !== typed.passwordConfirmation && { passwordConfirmation: t.register.confirmationDiffers }),
  };
}
