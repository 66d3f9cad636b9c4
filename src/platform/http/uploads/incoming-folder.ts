import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { newId } from '../../../common/ids.js';
import { SETTINGS, type Settings } from '../../../config/settings.js';

/** No upload takes this long, in ms: what is older was left by a process that was killed. */
const abandonedAfter = 3_600_000;

/** Where uploads lie while they arrive and are looked at: `DATA_DIR/incoming`. */
@Injectable()
export class IncomingFolder implements OnApplicationBootstrap {
  private readonly logger = new Logger('uploads');
  private readonly folder: string;

  constructor(@Inject(SETTINGS) settings: Pick<Settings, 'dataDir'>) {
    this.folder = join(settings.dataDir, 'incoming');
  }

  async onApplicationBootstrap(): Promise<void> {
    try {
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
      await this.sweep(Date.now() - abandonedAfter);
    } catch (error) {
      this.logger.warn({ error }, 'old uploads could not be removed');
    }
  }

  /** A new path that nothing lies at. */
  newPath(): string {
    return join(this.folder, newId());
  }

  /** @param before ms since 1970; younger files may belong to another process of this folder */
  private async sweep(before: number): Promise<void> {
    for (const name of await readdir(this.folder)) {
      const path = join(this.folder, name);
      const found = await stat(path).catch(() => null);
      if (found && found.mtimeMs < before) await rm(path, { force: true });
    }
  }
}
