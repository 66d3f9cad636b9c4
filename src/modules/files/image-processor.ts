import { availableParallelism } from 'node:os';
import { Injectable } from '@nestjs/common';
import sharp, { type OutputInfo, type Sharp } from 'sharp';
import { AppError } from '../../common/app-error.js';
import { Gate } from '../../common/gate.js';
import type { ImageFormat } from './file-types.js';

/** The longest side of each size, in pixels. */
export const imageSizes = { thumbnail: 160, medium: 800, full: 2560 } as const;
export type ImageSizeName = keyof typeof imageSizes;

const mostPixels = 50_000_000;
const longestSide = 20_000;
/** Pictures that may wait for their turn. */
const queueLimit = 50;
/** Seconds that one step may take: no picture within the limits comes near it. */
const stepTimeout = 20;

// Decoders have been the way in before: only the three that are needed are left, whatever a file says it is.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: ['VipsForeignLoadJpeg', 'VipsForeignLoadPng', 'VipsForeignLoadWebp'] });
// Several pictures at once, each on one thread: more of them per second than one after the other on all threads.
sharp.concurrency(1);
sharp.cache(false);

export interface MadeSize {
  data: Buffer;
  width: number;
  height: number;
}

/** A picture as it will be kept; sizes that would be equal are the same object. */
export type MadeImage = Record<ImageSizeName, MadeSize>;

interface Pixels {
  data: Buffer;
  info: OutputInfo;
}

/** Turns pictures from outside into our own: decoded, turned upright, scaled down, encoded anew, with nothing else of them left. */
@Injectable()
export class ImageProcessor {
  private readonly gate = new Gate(availableParallelism(), queueLimit, () => new AppError('server.busy', { retryAfter: 5 }));

  /**
   * The sizes of a picture, in its own format. Of an animation the first frame is taken.
   * @param path of a file that begins like one of this format
   * @throws AppError `file.broken`, `file.too-many-pixels`, `server.busy`
   */
  async process(path: string, format: ImageFormat): Promise<MadeImage> {
    return this.gate.run(async () => {
      try {
        return await make(path, format);
      } catch (error) {
        throw error instanceof AppError ? error : new AppError('file.broken', { cause: error });
      }
    });
  }
}

async function make(path: string, format: ImageFormat): Promise<MadeImage> {
  const source = sharp(path, { failOn: 'error', limitInputPixels: false, pages: 1 });
  const found = await source.metadata();
  if (found.format !== format) throw new AppError('file.broken');
  // The header alone was read so far; whoever lies there fails in the decoder.
  const { width, height } = found;
  if (width > longestSide || height > longestSide || width * height > mostPixels) throw new AppError('file.too-many-pixels');

  const upright = sharp(path, { failOn: 'error', limitInputPixels: mostPixels, pages: 1 }).autoOrient();
  // Decoded once: the smaller sizes are made of the larger one's pixels.
  const large = await pixels(scaled(upright, imageSizes.full).toColourspace('srgb'));
  const full = await encoded(large, format, imageSizes.full);
  const medium = isWithin(full, imageSizes.medium) ? full : await encoded(large, format, imageSizes.medium);
  const thumbnail = isWithin(medium, imageSizes.thumbnail) ? medium : await encoded(large, format, imageSizes.thumbnail);
  return { thumbnail, medium, full };
}

function isWithin({ width, height }: { width: number; height: number }, side: number): boolean {
  return width <= side && height <= side;
}

function scaled(image: Sharp, side: number): Sharp {
  return image.resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true }).timeout({ seconds: stepTimeout });
}

async function pixels(image: Sharp): Promise<Pixels> {
  return image.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
}

async function encoded({ data, info }: Pixels, format: ImageFormat, side: number): Promise<MadeSize> {
  const raw = sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } });
  const made = await as(scaled(raw, side), format).toBuffer({ resolveWithObject: true });
  return { data: made.data, width: made.info.width, height: made.info.height };
}

function as(image: Sharp, format: ImageFormat): Sharp {
  switch (format) {
    case 'jpeg':
      return image.jpeg({ quality: 82, chromaSubsampling: '4:2:0' });
    case 'png':
      return image.png({ compressionLevel: 7 });
    case 'webp':
      return image.webp({ quality: 82, effort: 3 });
  }
}
