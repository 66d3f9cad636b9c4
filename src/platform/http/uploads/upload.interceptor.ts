import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { AppError } from '../../../common/app-error.js';
import type { MultipartForm } from '../../../contracts/index.js';
import { RateLimiter } from '../../rate-limit/index.js';
import type { AppRequest } from '../endpoint.decorator.js';
import { FormReader } from './form-reader.js';
import { fileMissing, UPLOAD_FORM } from './upload.js';

/** Uploads of one person that may be under way at once on this node. */
const atOnce = 6;

/**
 * In front of the routes that take a form: reads it once the guard has let the sender in, and removes the file when the request is answered,
 * whatever came of it.
 */
@Injectable()
export class UploadInterceptor implements NestInterceptor {
  private readonly underWay = new Map<string, number>();

  constructor(
    private readonly reader: FormReader,
    private readonly limits: RateLimiter,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<AppRequest>();
    if (!request.isMultipart()) return next.handle();
    const form = Reflect.getMetadata(UPLOAD_FORM, context.getHandler()) as MultipartForm;
    return from(this.handle(request, form, next));
  }

  private async handle(request: AppRequest, form: MultipartForm, next: CallHandler): Promise<unknown> {
    if (request.principal?.kind !== 'person') throw new AppError('auth.required');
    const { userId } = request.principal;
    await this.limits.consume('upload:person', userId);
    const before = this.underWay.get(userId) ?? 0;
    if (before >= atOnce) throw new AppError('rate.limited', { retryAfter: 2, message: `${atOnce} uploads at once are the most.` });
    this.underWay.set(userId, before + 1);
    try {
      const { fields, upload } = await this.reader.read(request, form);
      request.body = fields;
      if (!upload && !form.fileOptional) throw fileMissing(form);
      if (!upload) return await lastValueFrom(next.handle(), { defaultValue: undefined });
      request.upload = upload;
      try {
        return await lastValueFrom(next.handle(), { defaultValue: undefined });
      } finally {
        await this.reader.discard(upload);
      }
    } finally {
      const left = this.underWay.get(userId)! - 1;
      if (left > 0) this.underWay.set(userId, left);
      else this.underWay.delete(userId);
    }
  }
}
