import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import type { Settings } from './config/settings.js';
import { configureFastify, fastifyOptions, nestOptions } from './platform/http/fastify-options.js';
import { PinoLogger } from './platform/logging/index.js';
import { serveWeb } from './platform/web/index.js';
import { useTransports } from './realtime/transports/index.js';

/**
 * The whole server, ready to listen: the same for production and for tests.
 * @throws what keeps it from starting, in words: a data folder in use, a route without a policy, a command without a handler
 */
export async function createApp(settings: Settings): Promise<NestFastifyApplication> {
  const logger = new PinoLogger(settings);
  const adapter = new FastifyAdapter(fastifyOptions(settings));
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.forRoot(settings), adapter, {
    logger,
    ...nestOptions,
    abortOnError: false,
  });
  await configureFastify(app, settings, logger);
  serveWeb(app);
  useTransports(app);
  return app;
}
