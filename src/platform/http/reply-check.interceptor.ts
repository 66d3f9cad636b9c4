import { type CallHandler, type ExecutionContext, Inject, Injectable, Logger, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { catchError, map, type Observable } from 'rxjs';
import { AppError } from '../../common/app-error.js';
import { SETTINGS, type Settings } from '../../config/settings.js';
import type { EndpointName } from '../../contracts/index.js';
import { documentedErrors } from '../docs/endpoint-errors.js';
import { ENDPOINT } from './endpoint.decorator.js';
import { checkReply } from './reply-check.js';
import { toAppError } from './to-app-error.js';

/** While tests run, a reply or a refusal that is not documented becomes a 500 with the reason in the log. */
@Injectable()
export class ReplyCheck implements NestInterceptor {
  private readonly logger = new Logger('contract');
  private readonly on: boolean;

  constructor(@Inject(SETTINGS) settings: Settings) {
    this.on = settings.nodeEnv === 'test';
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { name } = (Reflect.getMetadata(ENDPOINT, context.getHandler()) ?? {}) as { name?: EndpointName };
    if (!this.on || context.getType() !== 'http' || !name) return next.handle();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      map((body: unknown) => {
        this.check(() => checkReply(name, reply.statusCode, body));
        return body;
      }),
      catchError((thrown: unknown) => {
        const { code } = toAppError(thrown);
        this.check(() => {
          if (!documentedErrors(name).includes(code)) throw new Error(`${name} answered ${code}, which is not documented.`);
        });
        throw thrown;
      }),
    );
  }

  private check(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.logger.error({ error }, 'an answer is not as documented');
      throw new AppError('server.internal', { cause: error });
    }
  }
}
