import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FfmpegOptions, findVideoEncoder, runFfmpeg, type VideoEncoder } from './ffmpeg.ts';
import type { PixelBytes } from './pixel-bytes.ts';

export interface Mp4Options {
  readonly fps: number;
  readonly ffmpeg: FfmpegOptions;
}

/** Near to lossless: generated texture is fine-grained. */
const QUALITY_ARGS: Readonly<Record<VideoEncoder, readonly string[]>> = {
  libx264: ['-crf', '18', '-preset', 'medium'],
  mpeg4: ['-q:v', '2'],
};

/** The conversion to YCbCr is named in the file, else players guess it by the size. */
const COLOUR_ARGS = [
  ['-vf', 'scale=out_color_matrix=bt709:out_range=tv:flags=bicubic+accurate_rnd+bitexact,format=yuv420p'],
  ['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709', '-color_range', 'tv'],
].flat();

/** No date, no version; one thread, since the number of threads shows in the bytes. */
const REPRODUCIBLE_ARGS = ['-map_metadata', '-1', '-fflags', '+bitexact', '-flags:v', '+bitexact', '-threads', '1'];

/**
 * Frames of one size as an MP4. The last column is repeated once where the width is odd, the last row where the height is.
 *
 * @throws AppError `animation.mp4_unavailable`, before the first frame is asked for
 */
export async function encodeMp4(
  frames: AsyncGenerator<PixelBytes, void>,
  { fps, ffmpeg }: Mp4Options,
): Promise<Buffer> {
  const encoder = await findVideoEncoder(ffmpeg);
  // A file, since the index of an MP4 is written last but is wanted first.
  const folder = await mkdtemp(join(tmpdir(), 'singan-mp4-'));
  try {
    const first = await frames.next();
    if (first.done) throw new Error('an animation needs at least one frame');
    const path = join(folder, 'animation.mp4');
    const size = evenSides(first.value);
    await runFfmpeg([...inputArgs(size, fps), ...outputArgs(encoder, path)], allFrames(first.value, frames), ffmpeg);
    return await readFile(path);
  } finally {
    await frames.return();
    await rm(folder, { recursive: true, force: true });
  }
}

function inputArgs({ width, height, channels }: PixelBytes, fps: number): string[] {
  const pixelFormat = channels === 1 ? 'gray' : 'rgb24';
  const video = ['-pixel_format', pixelFormat, '-video_size', `${width}x${height}`, '-framerate', `${fps}`];
  return ['-f', 'rawvideo', ...video, '-i', 'pipe:0'];
}

function outputArgs(encoder: VideoEncoder, path: string): string[] {
  const codec = ['-c:v', encoder, ...QUALITY_ARGS[encoder]];
  return [...codec, ...COLOUR_ARGS, ...REPRODUCIBLE_ARGS, '-movflags', '+faststart', '-f', 'mp4', path];
}

async function* allFrames(first: PixelBytes, rest: AsyncIterable<PixelBytes>): AsyncGenerator<Uint8Array> {
  yield evenSides(first).data;
  for await (const frame of rest) yield evenSides(frame).data;
}

function evenSides(frame: PixelBytes): PixelBytes {
  const { channels } = frame;
  const width = frame.width + (frame.width % 2);
  const height = frame.height + (frame.height % 2);
  if (width === frame.width && height === frame.height) return frame;
  const data = new Uint8Array(width * height * channels);
  const lineBytes = frame.width * channels;
  for (let y = 0; y < height; y += 1) {
    const from = Math.min(y, frame.height - 1) * lineBytes;
    const line = frame.data.subarray(from, from + lineBytes);
    const to = y * width * channels;
    data.set(line, to);
    if (width > frame.width) data.set(line.subarray(-channels), to + lineBytes);
  }
  return { width, height, channels, data };
}
