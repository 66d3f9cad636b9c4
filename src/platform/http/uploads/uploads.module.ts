import { Global, Module } from '@nestjs/common';
import { FormReader } from './form-reader.js';
import { IncomingFolder } from './incoming-folder.js';

/** Reads uploads for every route whose contract takes a form. */
@Global()
@Module({ providers: [IncomingFolder, FormReader], exports: [FormReader, IncomingFolder] })
export class UploadsModule {}
