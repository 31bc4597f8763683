import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';

/** A folder of test files, made by the tests themselves. */
export interface Corpus {
  write(name: string, bytes: Uint8Array): Promise<string>;
  remove(): Promise<void>;
}

export async function createCorpus(): Promise<Corpus> {
  const folder = await mkdtemp(join(tmpdir(), 'singan-imaging-'));
  return {
    async write(name, bytes) {
      const path = join(folder, name);
      await writeFile(path, bytes);
      return path;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A smooth colourful picture: lossy formats keep it nearly as it is. */
export function gradient(width: number, height: number): Sharp {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * 3;
      data.set([(255 * x) / width, (255 * y) / height, (255 * (x + y)) / (width + height)], at);
    }
  }
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** One colour, fully known: for tests of what happens to values. */
export function plain(colour: { r: number; g: number; b: number; alpha?: number }, width = 12, height = 8): Sharp {
  return sharp({ create: { width, height, channels: colour.alpha === undefined ? 3 : 4, background: colour } });
}

interface PngChunk {
  readonly start: number;
  readonly type: string;
  readonly end: number;
}

/** Chunks of a PNG: four bytes length, four type, data, four checksum. */
function pngChunks(png: Buffer): PngChunk[] {
  const chunks: PngChunk[] = [];
  for (let start = 8; start < png.length; start = chunks.at(-1)?.end ?? png.length) {
    const end = start + 12 + png.readUInt32BE(start);
    chunks.push({ start, type: png.toString('latin1', start + 4, start + 8), end });
  }
  return chunks;
}

/** A PNG that claims another size than it has, its header checksum made right again. */
export function withClaimedSize(png: Buffer, width: number, height: number): Buffer {
  const forged = Buffer.from(png);
  forged.writeUInt32BE(width, 16);
  forged.writeUInt32BE(height, 20);
  forged.writeUInt32BE(crc32(forged.subarray(12, 29)), 29);
  return forged;
}

/** A PNG with one bit of its pixel data's checksum flipped. */
export function withWrongChecksum(png: Buffer): Buffer {
  const data = pngChunks(png).find((chunk) => chunk.type === 'IDAT');
  if (data === undefined) throw new Error('the picture has no IDAT chunk');
  const damaged = Buffer.from(png);
  damaged.writeUInt8(damaged.readUInt8(data.end - 1) ^ 1, data.end - 1);
  return damaged;
}
