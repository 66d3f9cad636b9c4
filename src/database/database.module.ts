import { type DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { SETTINGS, type Settings } from '../config/settings.js';
import { databaseOptions } from './data-source.js';
import { DataFolderInUseError } from './database-errors.js';
import { migrate } from './migrate.js';
import { isFinalRefusal } from './start-fault.js';

/**
 * The data source, with the schema brought up to date before anything uses it. Entities come from `TypeOrmModule.forFeature` of the features.
 * TypeOrmModule closes it in `onApplicationShutdown`, Nest's last step: `onModuleDestroy` and `beforeApplicationShutdown` may still write.
 */
@Module({})
export class DatabaseModule {
  static forRoot(): DynamicModule {
    const dataSource = TypeOrmModule.forRootAsync({
      inject: [SETTINGS],
      useFactory: (settings: Settings) => ({
        ...databaseOptions({ databaseUrl: settings.databaseUrl, dataDir: settings.dataDir, poolSize: settings.databasePoolSize }),
        autoLoadEntities: true,
        // A server may start a little later than this process. A folder in use stays in use, and a refusal a refusal.
        retryAttempts: settings.databaseUrl === undefined ? 0 : 10,
        retryDelay: 1_000,
        toRetry: (error: unknown) => !(error instanceof DataFolderInUseError) && !isFinalRefusal(error),
      }),
      dataSourceFactory: async (options?: DataSourceOptions) => openMigrated(options!),
    });
    return { module: DatabaseModule, imports: [dataSource], exports: [dataSource] };
  }
}

async function openMigrated(options: DataSourceOptions): Promise<DataSource> {
  const dataSource = await new DataSource(options).initialize();
  try {
    await migrate(dataSource);
    return dataSource;
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}
