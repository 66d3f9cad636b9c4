import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { FilesModule } from '../files/index.js';
import { FriendsModule } from '../friends/index.js';
import { UsersModule } from '../users/index.js';
import { AlbumReaders } from './album-readers.js';
import { AlbumsController } from './albums.controller.js';
import { AlbumsRepository } from './albums.repository.js';
import { AlbumsService } from './albums.service.js';
import { AlbumEntity } from './entities/album.entity.js';
import { PhotoEntity } from './entities/photo.entity.js';
import { PhotosService } from './photos.service.js';

/** Albums of photos. */
@Module({
  imports: [TypeOrmModule.forFeature([AlbumEntity, PhotoEntity]), UsersModule, FilesModule, FriendsModule],
  controllers: [AlbumsController],
  providers: [AlbumsService, PhotosService, AlbumReaders, AlbumsRepository],
  exports: [AlbumsService],
})
export class AlbumsModule {}
