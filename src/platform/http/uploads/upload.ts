import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { AppError } from '../../../common/app-error.js';
import type { MultipartForm } from '../../../contracts/index.js';
import type { AppRequest } from '../endpoint.decorator.js';

/** The metadata key under which a handler carries the form it takes. */
export const UPLOAD_FORM = 'upload-form';

/** Declares that a route takes a form with a file. */
export const TakesForm = (form: MultipartForm) => SetMetadata(UPLOAD_FORM, form);

/** A file that has arrived whole and lies in the incoming folder until the request is answered. */
export interface Upload {
  path: string;
  bytes: number;
  /** As `safeFileName` left it. */
  name: string;
  /** What the sender says it is: never believed. */
  claimedType: string;
  /** SHA-256 of the bytes, base64url. */
  digest: string;
}

/** Says under which name the file is expected. */
export function fileMissing(form: MultipartForm | undefined): AppError {
  const name = form?.file ?? 'file';
  return new AppError('file.missing', {
    message: `There is no file in this request: send a form with the part "${name}", which has a file name.`,
  });
}

/** The file of a form. @throws AppError `file.missing` unless the contract says that the form may come without one */
export const UploadedFile = createParamDecorator((_: unknown, context: ExecutionContext): Upload | undefined => {
  const upload = context.switchToHttp().getRequest<AppRequest>().upload;
  const form = Reflect.getMetadata(UPLOAD_FORM, context.getHandler()) as MultipartForm | undefined;
  if (!upload && !form?.fileOptional) throw fileMissing(form);
  return upload;
});
