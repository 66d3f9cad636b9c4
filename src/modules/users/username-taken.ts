import { AppError } from '../../common/app-error.js';

/** Somebody has the name, or it is reserved for somebody. */
export function usernameTaken(): AppError {
  return new AppError('user.username-taken', { errors: [{ field: 'username', code: 'taken', message: 'is taken or reserved' }] });
}
