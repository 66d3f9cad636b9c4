import { AppError } from '../../common/app-error.js';
import { isDatabaseUnavailable } from '../../database/index.js';

/** Seconds after which a request that met a lost database may be repeated. */
const retryAfter = 2;

/** Any thrown value as an error of the catalogue: ours as it is, a lost database as `server.unavailable`, the rest as `server.internal`. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (isDatabaseUnavailable(error)) return new AppError('server.unavailable', { cause: error, retryAfter });
  return new AppError('server.internal', { cause: error });
}
