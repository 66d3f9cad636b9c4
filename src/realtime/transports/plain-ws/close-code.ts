import type { AppError } from '../../../common/app-error.js';
import { type CloseCode, closeCodes } from '../../../contracts/index.js';

/** The code with which a socket ends that met this fault; where the catalogue names none, the one after which clients come back. */
export function closeCodeOf(error: AppError): CloseCode {
  return (error.closeCode as CloseCode | undefined) ?? closeCodes.restarting;
}
