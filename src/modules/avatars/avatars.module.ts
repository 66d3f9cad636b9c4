import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { RateLimitModule } from '../../platform/rate-limit/index.js';
import { FilesModule } from '../files/index.js';
import { UsersModule } from '../users/index.js';
import { AvatarsController } from './avatars.controller.js';
import { AvatarsRepository } from './avatars.repository.js';
import { AvatarsService } from './avatars.service.js';
import { AvatarEntity } from './entities/avatar.entity.js';
import { SignatureEntity } from './entities/signature.entity.js';

/** The pictures that stand for people. */
@Module({
  imports: [TypeOrmModule.forFeature([AvatarEntity, SignatureEntity]), UsersModule, FilesModule, RateLimitModule],
  controllers: [AvatarsController],
  providers: [AvatarsService, AvatarsRepository],
})
export class AvatarsModule {}
