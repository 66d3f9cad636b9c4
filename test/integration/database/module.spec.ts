import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type BeforeApplicationShutdown, Inject, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
import { Column, DataSource, Entity, PrimaryColumn, Repository } from 'typeorm';
import { ConfigModule } from '../../../src/config/config.module.js';
import type { Settings } from '../../../src/config/settings.js';
import { openDataSource } from '../../../src/database/data-source.js';
import { DataFolderInUseError } from '../../../src/database/database-errors.js';
import { DatabaseModule } from '../../../src/database/database.module.js';
import { freshDataFolder } from '../../support/database-templates.js';

@Entity('module_things')
class Thing {
  @PrimaryColumn('int') id!: number;
  @Column('text', { nullable: true }) name!: string | null;
}

@Injectable()
class LastWords implements BeforeApplicationShutdown {
  constructor(@Inject(DataSource) private readonly source: DataSource) {}

  async beforeApplicationShutdown(): Promise<void> {
    await this.source.query(`INSERT INTO module_things VALUES (99, 'written while shutting down')`);
  }
}

@Injectable()
class Things {
  constructor(@InjectRepository(Thing) readonly repository: Repository<Thing>) {}
}

describe('DatabaseModule', () => {
  it('opens the embedded database for the features, and closes it last of all', async () => {
    const dataDir = await freshDataFolder();
    const settings = { dataDir, databasePoolSize: 10 } as Settings;

    @Module({
      imports: [ConfigModule.forRoot(settings), DatabaseModule.forRoot(), TypeOrmModule.forFeature([Thing])],
      providers: [LastWords, Things],
    })
    class App {}

    try {
      const app = await NestFactory.createApplicationContext(App, { logger: ['error'], abortOnError: false });
      const source = app.get(DataSource);
      await source.query('CREATE TABLE module_things (id int PRIMARY KEY, name text)');
      const { repository } = app.get(Things);
      await repository.save({ id: 1, name: 'one' });
      expect(await repository.findOneBy({ id: 1 })).toEqual({ id: 1, name: 'one' });
      // A criterion that is missing by mistake never widens a query.
      await expect(repository.findBy({ id: undefined })).rejects.toThrow(/undefined/i);
      await expect(repository.delete({ id: undefined })).rejects.toThrow(/undefined/i);
      await expect(repository.update({ id: null as unknown as number }, { name: 'x' })).rejects.toThrow(/null/i);

      const second = NestFactory.createApplicationContext(App, { logger: false, abortOnError: false });
      await expect(second).rejects.toThrow(DataFolderInUseError);

      await app.close();
      expect(source.isInitialized).toBe(false);
      expect(await readdir(join(dataDir, 'pg.lock'))).toEqual([]);

      const again = await openDataSource({ dataDir });
      expect(await again.query('SELECT name FROM module_things WHERE id = 99')).toEqual([{ name: 'written while shutting down' }]);
      await again.destroy();
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
