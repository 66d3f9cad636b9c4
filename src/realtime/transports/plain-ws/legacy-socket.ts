import { AppError } from '../../../common/app-error.js';
import { type CloseCode, type ErrorCode, legacyClientFrame, type LegacyFrame, type LegacyFrameType } from '../../../contracts/index.js';
import { toAppError } from '../../../platform/http/to-app-error.js';
import { catalogueError, errorFrame } from '../../legacy/legacy-frames.js';
import { textFrame } from '../encoding.js';
import { closeCodeOf } from './close-code.js';
import { type PlainParts, PlainSocket } from './plain-socket.js';

/** What the three addresses of old clients have in common: their error frames, and `{"message":TEXT}` coming in. */
export abstract class LegacySocket<Parts extends PlainParts = PlainParts> extends PlainSocket<Parts> {
  /** A text came in a frame of the right form. */
  protected abstract said(text: string): void;

  protected farewell(_code: CloseCode, why: ErrorCode): Buffer {
    return legacyBytes(catalogueError(why));
  }

  protected refuse(thrown: unknown): void {
    const error = toAppError(thrown);
    this.close(closeCodeOf(error), error.code);
  }

  protected receive(text: string): void {
    const message = messageOf(text);
    if (message !== null) this.said(message);
    else if (this.countBadFrame()) this.complain(new AppError('frame.malformed'));
  }

  protected complain({ code, message }: { code: string; message: string }): void {
    this.write(legacyBytes(errorFrame(code, message)));
  }
}

export function legacyBytes(frame: LegacyFrame<LegacyFrameType>): Buffer {
  return textFrame(JSON.stringify(frame));
}

function messageOf(text: string): string | null {
  try {
    const parsed = legacyClientFrame.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data.message : null;
  } catch {
    return null;
  }
}
