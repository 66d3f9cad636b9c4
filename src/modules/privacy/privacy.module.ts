import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { RateLimitModule } from '../../platform/rate-limit/index.js';
import { AuthModule } from '../auth/index.js';
import { FilesModule } from '../files/index.js';
import { FriendsModule } from '../friends/index.js';
import { MessagesModule } from '../messages/index.js';
import { NotificationsModule } from '../notifications/index.js';
import { PostsModule } from '../posts/index.js';
import { RoomsModule } from '../rooms/index.js';
import { SearchModule } from '../search/index.js';
import { UsersModule } from '../users/index.js';
import { DeletionsRepository } from './deletion/deletions.repository.js';
import { DeletionsService } from './deletion/deletions.service.js';
import { Erasure } from './deletion/erasure.js';
import { ErasureRepository } from './deletion/erasure.repository.js';
import { ErasureWorker } from './deletion/erasure-worker.js';
import { AccountDeletionEntity } from './entities/account-deletion.entity.js';
import { DataExportEntity } from './entities/data-export.entity.js';
import { ExportAddresses } from './exports/export-addresses.js';
import { ExportArchive } from './exports/export-archive.js';
import { ExportNews } from './exports/export-news.js';
import { ExportReader } from './exports/export-reader.js';
import { ExportStore } from './exports/export-store.js';
import { ExportWorker } from './exports/export-worker.js';
import { ExportsRepository } from './exports/exports.repository.js';
import { ExportsService } from './exports/exports.service.js';
import { PrivacyController } from './privacy.controller.js';
import { PrivacyMetrics } from './privacy-metrics.js';

/** One's own data: an archive of it, and its end. */
@Module({
  imports: [
    TypeOrmModule.forFeature([DataExportEntity, AccountDeletionEntity]),
    RateLimitModule,
    UsersModule,
    AuthModule,
    FilesModule,
    FriendsModule,
    RoomsModule,
    MessagesModule,
    PostsModule,
    NotificationsModule,
    SearchModule,
  ],
  controllers: [PrivacyController],
  providers: [
    DeletionsRepository,
    DeletionsService,
    Erasure,
    ErasureRepository,
    ErasureWorker,
    ExportAddresses,
    ExportArchive,
    ExportNews,
    ExportReader,
    ExportStore,
    ExportWorker,
    ExportsRepository,
    ExportsService,
    PrivacyMetrics,
  ],
  exports: [ErasureWorker, ExportWorker],
})
export class PrivacyModule {}
