import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { RgbImage } from '@singan/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Corpus, createCorpus } from './corpus.fixture.ts';
import { installScript, REAL_FFMPEG } from './ffmpeg.fixture.ts';
import { encodeAnimation, isMp4Available } from './index.ts';
import { levelOf, movingFrame, pictureOf } from './picture.fixture.ts';

const execute = promisify(execFile);
const canEncode = await isMp4Available();

let corpus: Corpus;
beforeAll(async () => {
  corpus = await createCorpus();
});
afterAll(() => corpus.remove());

async function streamFacts(mp4: Buffer): Promise<Record<string, string>> {
  const path = await corpus.write('facts.mp4', mp4);
  const { stdout } = await execute('ffprobe', ['-v', 'error', '-count_frames', '-show_streams', path]);
  const pairs = stdout.split('\n').map((line) => line.split('=') as [string, string]);
  return Object.fromEntries(pairs);
}

async function rgbOf(mp4: Buffer): Promise<Buffer> {
  const path = await corpus.write('pixels.mp4', mp4);
  const args = ['-v', 'error', '-i', path, '-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1'];
  return (await execute('ffmpeg', args, { encoding: 'buffer' })).stdout;
}

/** Mean difference to the frames at a size that may exceed theirs: beyond their edge they are expected to repeat it. */
function meanError(rgb: Buffer, frames: readonly RgbImage[], size: { width: number; height: number }): number {
  expect(rgb.length).toBe(frames.length * size.width * size.height * 3);
  let sum = 0;
  for (const [index, byte] of rgb.entries()) {
    const pixel = Math.floor(index / 3);
    const frame = frames[Math.floor(pixel / (size.width * size.height))] as RgbImage;
    const x = Math.min(frame.width - 1, pixel % size.width);
    const y = Math.min(frame.height - 1, Math.floor(pixel / size.width) % size.height);
    sum += Math.abs(byte - levelOf(frame.data[(y * frame.width + x) * 3 + (index % 3)] ?? 0));
  }
  return sum / rgb.length;
}

describe('whether MP4 can be written', () => {
  it('without ffmpeg it is refused before any frame is drawn, and the other formats are named', async () => {
    const { folder } = await installScript(corpus, null);
    const ffmpeg = { searchPath: folder };
    expect(await isMp4Available(ffmpeg)).toBe(false);
    let drawn = 0;
    function* frames(): Generator<RgbImage> {
      drawn += 1;
      yield movingFrame(0);
    }
    await expect(encodeAnimation(frames(), { format: 'mp4', fps: 10, ffmpeg })).rejects.toMatchObject({
      code: 'animation.mp4_unavailable',
      httpStatus: 422,
      message: expect.stringMatching(/needs ffmpeg, which is not installed.*WebP or GIF/),
    });
    expect(drawn).toBe(0);
  });

  it('with an ffmpeg that does not run, or has no encoder, it is refused too', async () => {
    const broken = await installScript(corpus, 'exit 127');
    expect(await isMp4Available({ searchPath: broken.folder })).toBe(false);
    const poor = await installScript(corpus, 'echo " V....D vp9  A codec"');
    const attempt = encodeAnimation([movingFrame(0)], { format: 'mp4', fps: 10, ffmpeg: { searchPath: poor.folder } });
    await expect(attempt).rejects.toMatchObject({
      code: 'animation.mp4_unavailable',
      message: expect.stringContaining('none of the encoders libx264, mpeg4'),
    });
  });

  it('is what this machine says of itself', async () => {
    const attempt = encodeAnimation([movingFrame(0)], { format: 'mp4', fps: 10 });
    if (canEncode) await expect(attempt).resolves.toBeInstanceOf(Buffer);
    else await expect(attempt).rejects.toMatchObject({ code: 'animation.mp4_unavailable', httpStatus: 422 });
  });
});

describe.skipIf(!canEncode)('an MP4 (needs ffmpeg)', () => {
  const frames = Array.from({ length: 6 }, (_, index) => movingFrame(index));

  it('has every frame, at its rate, in the colours of the frames', async () => {
    const mp4 = await encodeAnimation(frames, { format: 'mp4', fps: 12.5 });
    expect(await streamFacts(mp4)).toMatchObject({
      width: '40',
      height: '30',
      pix_fmt: 'yuv420p',
      color_space: 'bt709',
      r_frame_rate: '25/2',
      nb_read_frames: '6',
    });
    expect(meanError(await rgbOf(mp4), frames, { width: 40, height: 30 })).toBeLessThan(3);
  });

  it.each([
    [41, 30, 42, 30],
    [40, 31, 40, 32],
    [41, 31, 42, 32],
  ])('of %ix%i px has %ix%i px, its edge repeated', async (width, height, evenWidth, evenHeight) => {
    // Dark with a bright last column and row, so that anything else than a repeated edge shows.
    const isEdge = (x: number, y: number) => x === width - 1 || y === height - 1;
    const odd = Array.from({ length: 3 }, () => pictureOf(width, height, (x, y) => (isEdge(x, y) ? 0.9 : -0.6)));
    const mp4 = await encodeAnimation(odd, { format: 'mp4', fps: 10 });
    expect(meanError(await rgbOf(mp4), odd, { width: evenWidth, height: evenHeight })).toBeLessThan(3);
  });

  it('is gray when it is to be, over the whole range', async () => {
    const ramp = { width: 64, height: 16, data: Float32Array.from({ length: 64 * 16 * 3 }, (_, at) => rampAt(at)) };
    const rgb = await rgbOf(await encodeAnimation([ramp, ramp], { format: 'mp4', fps: 10, gray: true }));
    expect(meanError(rgb, [ramp, ramp], ramp)).toBeLessThan(3);
    const tint = rgb.reduce((most, byte, at) => Math.max(most, Math.abs(byte - (rgb[at - (at % 3)] ?? 0))), 0);
    expect(tint).toBeLessThanOrEqual(2);
  });

  it('has the same bytes each time', async () => {
    const [one, two] = [
      await encodeAnimation(frames, { format: 'mp4', fps: 10 }),
      await encodeAnimation(frames, { format: 'mp4', fps: 10 }),
    ];
    expect(one.equals(two)).toBe(true);
  });

  it('is MPEG-4 part 2 where there is no encoder for H.264', async () => {
    expect(await streamFacts(await encodeAnimation(frames, { format: 'mp4', fps: 10 }))).toMatchObject({
      codec_name: 'h264',
    });
    const script = `case "$*" in *-encoders*) ${REAL_FFMPEG} "$@" | grep -v libx264;; *) exec ${REAL_FFMPEG} "$@";; esac`;
    const { folder } = await installScript(corpus, script);
    const mp4 = await encodeAnimation(frames, { format: 'mp4', fps: 10, ffmpeg: { searchPath: folder } });
    expect(await streamFacts(mp4)).toMatchObject({ codec_name: 'mpeg4', nb_read_frames: '6' });
    expect(meanError(await rgbOf(mp4), frames, { width: 40, height: 30 })).toBeLessThan(4);
  });

  it('ends with the error of whoever draws the frames', async () => {
    function* failing(): Generator<RgbImage> {
      yield* frames;
      throw new Error('the model is gone');
    }
    await expect(encodeAnimation(failing(), { format: 'mp4', fps: 10 })).rejects.toThrow('the model is gone');
  });

  it('needs a frame', async () => {
    await expect(encodeAnimation([], { format: 'mp4', fps: 10 })).rejects.toThrow('at least one frame');
  });
});

/** Black to white from left to right. */
function rampAt(index: number): number {
  return ((Math.floor(index / 3) % 64) / 63) * 2 - 1;
}
