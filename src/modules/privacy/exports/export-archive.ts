import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { ZipFile } from 'yazl';
import { FilesService } from '../../files/index.js';
import { ExportReader } from './export-reader.js';
import { exportSections } from './export-sections.js';

/** How many rows a file counts for in the progress. */
const fileWeight = 20;

/** Makes the archive of one person, as a stream that reads no further than it is read. */
@Injectable()
export class ExportArchive {
  constructor(
    private readonly reader: ExportReader,
    private readonly files: FilesService,
  ) {}

  /** @returns the bytes of a zip; `progress` tells in percent how much of the data is read */
  async open(userId: string): Promise<{ stream: Readable; progress: () => number }> {
    const files = await this.files.ownedBy(userId);
    const total = (await this.reader.messageCount(userId)) + files.length * fileWeight + 1;
    let done = 0;
    const zip = new ZipFile();
    const stream = zip.outputStream as Readable;
    zip.on('error', (error: Error) => stream.destroy(error));
    const add = (name: string, compress: boolean, open: () => Promise<Readable>) =>
      zip.addReadStreamLazy(name, { compress, mtime: new Date() }, (give) => {
        open().then(
          (opened) =>
            give(
              null,
              opened.on('error', (error: Error) => stream.destroy(error)),
            ),
          (error: unknown) => stream.destroy(error as Error),
        );
      });
    zip.addBuffer(Buffer.from(aboutText), 'README.txt');
    for (const section of exportSections) add(`${section.name}.json`, true, async () => jsonArray(this.reader.rows(section, userId)));
    add('messages.json', true, async () => jsonArray(this.reader.messages(userId), (rows) => (done += rows)));
    for (const file of files) {
      add(`files/${file.id}-${file.name}`, file.kind !== 'image' && file.mime === 'text/plain', async () => {
        done += fileWeight;
        // One that was deleted since is not a reason to have no archive.
        return (await this.files.read(file)) ?? Readable.from([]);
      });
    }
    zip.end();
    return { stream, progress: () => Math.min(99, Math.floor((done * 100) / total)) };
  }
}

const aboutText = `What this server keeps of you.

Every .json file is a list; "files" holds your pictures and other files under their ids. Times are in UTC.
What other people wrote is theirs and not part of it.
`;

function jsonArray(pages: AsyncIterable<string[]>, read: (rows: number) => void = () => undefined): Readable {
  return Readable.from(
    (async function* () {
      let between = '[\n';
      for await (const page of pages) {
        read(page.length);
        yield between + page.join(',\n');
        between = ',\n';
      }
      yield between === '[\n' ? '[]\n' : '\n]\n';
    })(),
    { objectMode: false },
  );
}
