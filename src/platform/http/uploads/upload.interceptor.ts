import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { AppError } from '../../../common/app-error.js';
import type { MultipartForm } from '../../../contracts/index.js';
import { RateLimiter } from '../../rate-limit/index.js';
import type { AppRequest } from '../endpoint.decorator.js';
import { FormReader } from './form-reader.js';
import { fileMissing, UPLOAD_FORM } from './upload.js';
import { UploadsUnderWay } from './uploads-under-way.js';

/**
 * In front of the routes that take a form: reads it once the guard has let the sender in, and removes the file when the request is answered,
 * whatever came of it.
 */
@Injectable()
export class UploadInterceptor implements NestInterceptor {
  constructor(
    private readonly reader: FormReader,
    private readonly limits: RateLimiter,
    private readonly underWay: UploadsUnderWay,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<AppRequest>();
    if (!request.isMultipart()) return next.handle();
    const form = Reflect.getMetadata(UPLOAD_FORM, context.getHandler()) as MultipartForm;
    return from(this.handle(request, form, next));
  }

  private async handle(request: AppRequest, form: MultipartForm, next: CallHandler): Promise<unknown> {
    if (request.principal?.kind !== 'person') throw new AppError('auth.required');
    await this.limits.consume('upload:person', request.principal.userId);
    return this.underWay.receive(request.principal, async (signal) => {
      const { fields, upload } = await this.reader.read(request, form, signal);
      try {
        // What came whole a moment after its session ended is as little wanted.
        if (signal.aborted) throw new AppError('auth.revoked');
        request.body = fields;
        if (!upload && !form.fileOptional) throw fileMissing(form);
        if (upload) request.upload = upload;
        const answer: unknown = await lastValueFrom(next.handle(), { defaultValue: undefined });
        return answer;
      } finally {
        if (upload) await this.reader.discard(upload);
      }
    });
  }
}
