import type { z } from 'zod';
import { AppError } from '../../../common/app-error.js';
import { invalidFields, parseInput } from '../../../common/parse.js';
import { endpoints, type FieldError, investorFields, startupFields } from '../../../contracts/index.js';
import { parseMailAddress } from '../../../platform/mail/index.js';
import type { AccountDetails } from '../../users/index.js';
import { passwordFaults } from '../passwords/password-rules.js';

const registrationSchema = endpoints['auth.register'].body;

export type Registration = Omit<z.output<typeof registrationSchema>, 'accountType' | 'profile'> & { details: AccountDetails };

/**
 * A registration's body, with the rules that need more than one field.
 * @throws AppError `request.invalid` with everything that is wrong at once, so that a person corrects a form one time
 */
export function parseRegistration(body: unknown): Registration {
  const errors: FieldError[] = [];
  const parsed = collecting(errors, () => parseInput(registrationSchema, body));
  const given = textsOf(body);
  const fits = (field: string) => errors.every((error) => error.field !== field);

  if (parsed && parseMailAddress(parsed.email) === null) {
    errors.push({ field: 'email', code: 'format', message: 'must be an email address' });
  }
  if (given['password'] !== undefined && fits('password')) errors.push(...passwordFaults(given['password'], given));
  errors.push(...confirmationFaults(given, fits));
  const details = fits('accountType') ? collecting(errors, () => parseDetails(body)) : undefined;

  if (errors.length > 0 || !parsed || !details) throw invalidFields(errors);
  const { accountType: _accountType, profile: _profile, ...registration } = parsed;
  return { ...registration, details };
}

/** The fault of a confirmation that is not the password, unless either is wrong by itself. */
export function confirmationFaults(given: Record<string, string | undefined>, fits: (field: string) => boolean): FieldError[] {
  const { password, passwordConfirmation } = given;
  if (password === undefined || passwordConfirmation === undefined || !fits('passwordConfirmation')) return [];
  if (password === passwordConfirmation) return [];
  return [{ field: 'passwordConfirmation', code: 'mismatch', message: 'must be the same as the password' }];
}

/** Runs a check, and adds its field errors to the others instead of throwing them. */
export function collecting<T>(errors: FieldError[], check: () => T): T | undefined {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof AppError) || !error.errors) throw error;
    errors.push(...error.errors);
    return undefined;
  }
}

/** The fields of a body that are texts at all: what rules over several fields can work with while other fields are wrong. */
export function textsOf(body: unknown): Record<string, string | undefined> {
  if (typeof body !== 'object' || body === null) return {};
  return Object.fromEntries(Object.entries(body).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** The account type's own fields; absent means none told. */
function parseDetails(body: unknown): AccountDetails {
  const { accountType, profile } = (typeof body === 'object' && body !== null ? body : {}) as { accountType?: unknown; profile?: unknown };
  switch (accountType) {
    case 'startup':
      return { accountType, profile: parseInput(startupFields, profile ?? {}, 'profile') };
    case 'investor':
      return { accountType, profile: parseInput(investorFields, profile ?? {}, 'profile') };
    default:
      if (profile === undefined) return { accountType: 'member' };
      throw invalidFields([{ field: 'profile', code: 'unknown', message: 'belongs to the account types startup and investor' }]);
  }
}
