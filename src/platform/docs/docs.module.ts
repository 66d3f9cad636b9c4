import { Module } from '@nestjs/common';
import { DocsController } from './docs.controller.js';

/** `/docs` and what is below it. */
@Module({ controllers: [DocsController] })
export class DocsModule {}
