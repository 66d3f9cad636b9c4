import { Module } from '@nestjs/common';
import { Health } from './health.js';
import { HealthMetrics } from './health-metrics.js';
import { HealthController } from './health.controller.js';

/** `/health/live` and `/health/ready`. */
@Module({ controllers: [HealthController], providers: [Health, HealthMetrics], exports: [Health] })
export class HealthModule {}
