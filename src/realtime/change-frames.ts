import { hiddenMessage, isByBlocked } from '../common/hidden-message.js';
import { messageJson } from '../common/message-view.js';
import type { EventName } from '../contracts/index.js';
import type { RoomChange } from './broker/broker.js';
import type { PlacedFrame } from './frame-batch.js';
import { Frame } from './frame.js';

/** One change of a room as its readers get it: nearly all the same frame; two more, shared as well, for those who block somebody in it. */
export class ChangeFrames implements PlacedFrame {
  readonly position: number;
  readonly frame: Frame;
  private hidden: Frame | null = null;
  private unnamed: Frame | null = null;

  /** @param seen what they get instead who have seen the message already, though it is told as new */
  constructor(
    private readonly change: RoomChange,
    readonly seen?: PlacedFrame['seen'],
  ) {
    this.position = change.position;
    this.frame = frameOf(change);
  }

  /** For a reader who blocks these people. */
  frameFor(blocks: ReadonlySet<string>): Frame {
    const { message, by, position, isNew } = this.change;
    if (isByBlocked(blocks, message)) {
      return (this.hidden ??= new Frame(isNew ? 'message.created' : 'message.updated', {
        room: message.room,
        position,
        message: hiddenMessage(message),
      }));
    }
    // The counts of the emojis are everybody's; who gave one is not told.
    if (by && blocks.has(by.userId)) return (this.unnamed ??= new Frame('message.updated', { room: message.room, position, message }));
    return this.frame;
  }
}

function frameOf({ event, position, message, by, json }: RoomChange): Frame {
  const { room } = message;
  if (by) return new Frame<EventName>(event, { room, position, message, by });
  return new Frame<EventName>(
    event,
    { room, position, message },
    `{"room":"${room}","position":${position},"message":${json ?? messageJson(message)}}`,
  );
}
