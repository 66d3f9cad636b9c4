/** Frames are written here first: how long they are is known only when their text is encoded. */
const scratch = Buffer.allocUnsafeSlow(256 * 1024);
/** The longest head of a frame, and the most bytes that a character takes. */
const longestHead = 10;
const bytesPerCharacter = 3;

/**
 * A complete WebSocket text frame from a server (RFC 6455, 5.2): final, unmasked, uncompressed. The bytes are the same for every socket, so
 * one buffer serves all of them; several frames may be joined into one buffer.
 */
export function textFrame(text: string): Buffer {
  return joinFrames([text]);
}

/** Frames in one piece of memory, in order: texts become frames of their own, buffers hold complete frames already. */
export function joinFrames(parts: readonly (string | Buffer)[]): Buffer {
  let most = 0;
  for (const part of parts) most += typeof part === 'string' ? longestHead + part.length * bytesPerCharacter : part.length;
  const room = most <= scratch.length ? scratch : Buffer.allocUnsafe(most);
  let end = 0;
  for (const part of parts) {
    if (typeof part === 'string') end = writeFrame(room, end, part);
    else {
      room.set(part, end);
      end += part.length;
    }
  }
  // A copy of its size: the larger piece would be kept for as long as one slow socket has not taken it.
  return Buffer.from(room.subarray(0, end));
}

/** @returns where the frame ends */
function writeFrame(room: Buffer, at: number, text: string): number {
  // The head is 2, 4 or 10 bytes long by the length of what follows, which is at least that of the text.
  let head = text.length < 126 ? 2 : text.length < 65_536 ? 4 : 10;
  let length = room.write(text, at + head);
  const needed = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  if (needed !== head) {
    head = needed;
    length = room.write(text, at + head);
  }
  room[at] = 0x81;
  if (head === 2) {
    room[at + 1] = length;
  } else if (head === 4) {
    room[at + 1] = 126;
    room.writeUInt16BE(length, at + 2);
  } else {
    room[at + 1] = 127;
    room.writeBigUInt64BE(BigInt(length), at + 2);
  }
  return at + head + length;
}
