import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { FileUsageEntity } from './entities/file-usage.entity.js';
import { FileEntity } from './entities/file.entity.js';
import { FileAccess } from './file-access.js';
import { FileAddresses } from './file-addresses.js';
import { FileDelivery } from './file-delivery.js';
import { FileObjects } from './file-objects.js';
import { FileRemovals } from './file-removals.js';
import { FilesController } from './files.controller.js';
import { FilesRepository } from './files.repository.js';
import { FilesService } from './files.service.js';
import { ImageProcessor } from './image-processor.js';

/** Files: uploads, who may read them, and their end. */
@Module({
  imports: [TypeOrmModule.forFeature([FileEntity, FileUsageEntity])],
  controllers: [FilesController],
  providers: [FilesRepository, FilesService, FileAccess, FileAddresses, FileDelivery, FileObjects, FileRemovals, ImageProcessor],
  exports: [FilesService, FileAccess, FileAddresses],
})
export class FilesModule {}
