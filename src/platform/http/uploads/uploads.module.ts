import { Global, Module } from '@nestjs/common';
import { FormReader } from './form-reader.js';
import { IncomingFolder } from './incoming-folder.js';
import { UploadsUnderWay } from './uploads-under-way.js';

/** Reads uploads for every route whose contract takes a form. */
@Global()
@Module({ providers: [IncomingFolder, FormReader, UploadsUnderWay], exports: [FormReader, IncomingFolder, UploadsUnderWay] })
export class UploadsModule {}
