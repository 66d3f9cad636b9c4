import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { mailWorker, type WorkerOptions } from './worker.js';

// A process of its own that sends mails until it is killed.
await NestFactory.createApplicationContext(mailWorker(JSON.parse(process.argv[2]!) as WorkerOptions), { logger: false });
process.stdout.write('ready\n');
