import type { z } from 'zod';
import { isErrorCode, type ErrorCode, type FieldError } from '../contracts/index.js';
import { AppError } from './app-error.js';

type Issue = z.core.$ZodIssue;

function fieldCode(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'required' : 'type';
    case 'unrecognized_keys':
      return 'unknown';
    case 'too_big':
      return 'too-long';
    case 'too_small':
      return 'too-short';
    case 'custom': {
      const code: unknown = issue.params?.['code'];
      return typeof code === 'string' ? code : 'format';
    }
    default:
      return 'format';
  }
}

function sentence(issue: Issue, code: string): string {
  if (code === 'required') return 'is required';
  if (code === 'type' && issue.code === 'invalid_type') return `must be ${/^[aeiou]/.test(issue.expected) ? 'an' : 'a'} ${issue.expected}`;
  if (code === 'unknown') return 'is not a field of this request';
  return issue.message;
}

function fieldErrors(issues: readonly Issue[], at: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const issue of issues) {
    const path = [at, ...issue.path.map(String)].filter((part) => part !== '').join('.');
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys.slice(0, 20)) {
        errors.push({
          field: [path, key.slice(0, 64)].filter((part) => part !== '').join('.'),
          code: 'unknown',
          message: sentence(issue, 'unknown'),
        });
      }
    } else if (issue.code === 'invalid_union') {
      // The alternative that comes nearest says best what is wrong.
      const nearest = [...issue.errors].sort((a, b) => a.length - b.length)[0];
      errors.push(...(nearest ? fieldErrors(nearest, path) : [{ field: path, code: 'format', message: issue.message }]));
    } else {
      const code = fieldCode(issue);
      errors.push({ field: path, code, message: sentence(issue, code) });
    }
  }
  return errors.slice(0, 50);
}

/** The error for fields that are not right; a rule with a word of its own in the catalogue (`message.empty`) gives the whole its word. */
export function invalidFields(errors: FieldError[]): AppError {
  const own = errors.find((error) => isErrorCode(error.code));
  const code: ErrorCode = own && isErrorCode(own.code) ? own.code : 'request.invalid';
  return new AppError(code, { errors });
}

/**
 * Checks a value from outside against its schema.
 * @param at prefix of the field names in errors (`profile`); empty at the top
 * @throws AppError `request.invalid`, or the rule's own word, with one entry per field
 */
export function parseInput<T extends z.ZodType>(schema: T, value: unknown, at = ''): z.output<T> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  throw invalidFields(fieldErrors(result.error.issues, at));
}
