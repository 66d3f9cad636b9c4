import { describe, expect, it } from '@jest/globals';
import { errorCatalogue, type ErrorCode } from '../contracts/index.js';
import { AppError } from './app-error.js';

const codes = Object.keys(errorCatalogue) as ErrorCode[];

describe('an error', () => {
  it('that refuses what was sent says which field, whatever it is', () => {
    const refusals = codes.filter((code) => errorCatalogue[code].status === 422 && code !== 'request.invalid');
    expect(refusals).toContain('auth.code-invalid');
    for (const code of refusals) {
      const error = new AppError(code);
      expect(error.fieldErrors).toEqual([{ field: expect.stringMatching(/^[a-z]+$/), code, message: error.message }]);
    }
  });

  it('keeps the fields that are known more exactly, and has none where no field is at fault', () => {
    const errors = [{ field: 'email', code: 'format', message: 'must be an email address' }];
    expect(new AppError('request.invalid', { errors }).fieldErrors).toEqual(errors);
    expect(new AppError('room.not-found').fieldErrors).toBeUndefined();
  });
});
