import { assertNever } from '@singan/domain';
import sharp from 'sharp';
import { type Frames, frameBytes, frameDelaysMs } from './animation-frames.ts';
import { encodeMp4 } from './encode-mp4.ts';
import type { FfmpegOptions } from './ffmpeg.ts';
import type { PixelBytes } from './pixel-bytes.ts';

export const ANIMATION_FORMATS = ['webp', 'gif', 'mp4'] as const;
export type AnimationFormat = (typeof ANIMATION_FORMATS)[number];

/** Browsers take a GIF's delay of less than 20 ms for 100 ms. */
export const MAX_FPS = 50;

export interface AnimationOptions {
  /** Default WebP: every browser plays it, in full colour; GIF has 256 colours a frame and is two to three times as large. */
  readonly format?: AnimationFormat;
  /** Frames a second, above 0, `MAX_FPS` at most. */
  readonly fps: number;
  /** How often it is played, 0 (default) for ever. An MP4 does not hold this: its player decides. */
  readonly loop?: number;
  /** Gray from the mean of the three channels, as in `encodeImage`: for models of a gray picture. */
  readonly gray?: boolean;
  /** Only for MP4. */
  readonly ffmpeg?: FfmpegOptions;
}

/** As in `encodeImage`. */
const WEBP_QUALITY = 92;

/**
 * Effort: twenty frames of 250x200 px took 1.5 s with 4 and 17 s with the default 7, which makes the file 15 % smaller.
 * Palettes: by default a frame makes do with that of an earlier one that is near; over slow changes gray levels were off by 20.
 */
const GIF_PALETTES = { effort: 4, interPaletteMaxError: 0 } as const;

const GIF_UNIT_MS = 10;
const WEBP_UNIT_MS = 1;

/**
 * Pictures in [-1, 1] as one animation. Equal frames give equal bytes. Frames are rounded as in `encodeImage` and must have one size.
 *
 * WebP and GIF are made from all frames at once (3 bytes a pixel and frame, or 1 in gray, are held); MP4 takes frame by frame and
 * repeats the last column or row once where a side is odd, since its 4:2:0 colour needs even ones.
 *
 * @throws AppError `animation.mp4_unavailable`; errors of the frames' generator as they are
 */
export async function encodeAnimation(frames: Frames, options: AnimationOptions): Promise<Buffer> {
  const { format = 'webp', fps, loop = 0, gray = false, ffmpeg = {} } = options;
  if (!(fps > 0 && fps <= MAX_FPS)) throw new Error(`expected 0 < fps <= ${MAX_FPS}, got ${fps}`);
  switch (format) {
    case 'webp': {
      const { sheet, count } = await stack(frames, { gray });
      const delay = frameDelaysMs(count, { fps, unitMs: WEBP_UNIT_MS });
      return sheet.webp({ quality: WEBP_QUALITY, effort: 4, loop, delay }).toBuffer();
    }
    case 'gif': {
      const { sheet, count } = await stack(frames, { gray });
      const delay = frameDelaysMs(count, { fps, unitMs: GIF_UNIT_MS });
      return sheet.gif({ ...GIF_PALETTES, loop, delay }).toBuffer();
    }
    case 'mp4':
      return encodeMp4(frameBytes(frames, { gray }), { fps, ffmpeg });
    default:
      return assertNever(format);
  }
}

/** All frames below one another: what sharp takes for an animation. */
async function stack(frames: Frames, options: { gray: boolean }) {
  const all: PixelBytes[] = [];
  for await (const frame of frameBytes(frames, options)) all.push(frame);
  const { width, height: pageHeight, channels } = all[0] ?? { width: 0, height: 0, channels: 3 };
  const height = pageHeight * all.length;
  const pixels = Buffer.concat(all.map(({ data }) => data));
  // Sharp's limit is against bombs; these pixels are in memory already.
  const sheet = sharp(pixels, { raw: { width, height, channels, pageHeight }, limitInputPixels: false });
  return { sheet, count: all.length };
}
