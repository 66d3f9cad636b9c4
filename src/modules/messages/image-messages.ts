import { Injectable } from '@nestjs/common';
import type { Person } from '../../common/principal.js';
import type { Upload } from '../../platform/http/uploads/index.js';
import { FilesService } from '../files/index.js';
import { RoomsService } from '../rooms/index.js';
import type { Written } from './draft.js';
import { MessagesService, type NewMessage } from './messages.service.js';

/** Messages whose picture comes along with them. */
@Injectable()
export class ImageMessages {
  constructor(
    private readonly rooms: RoomsService,
    private readonly files: FilesService,
    private readonly messages: MessagesService,
  ) {}

  /**
   * Stores the picture and sends a message that shows it. The same request again under its clientId is known by the picture's bytes.
   * @throws AppError as `MessagesService.send` and `FilesService.create`; nothing of the picture is left then
   */
  async send(person: Person, reference: string, message: Omit<NewMessage, 'attachments'>, upload: Upload): Promise<Written> {
    // Before the work of decoding.
    await this.rooms.writable(person, reference);
    const image = await this.files.create(person, upload, { imagesOnly: true });
    let isUsed = false;
    try {
      const written = await this.messages.send(person, reference, {
        ...message,
        attachments: [image.id],
        attachmentsKey: `image ${upload.digest}`,
      });
      isUsed = written.fresh;
      return written;
    } finally {
      // If the answer was lost and the message is there, the file belongs to it and stays.
      if (!isUsed) await this.files.abandon(person.userId, image.id);
    }
  }
}
