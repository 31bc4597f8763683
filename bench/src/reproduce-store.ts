import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { writeWhole } from './write-whole.ts';

/** Files of one training in a folder: what a later run goes on from. */
export class ReproduceStore {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async open(folder: string): Promise<ReproduceStore> {
    await mkdir(folder, { recursive: true });
    return new ReproduceStore(folder);
  }

  /** Scale files from the coarsest on, as many as are there without a gap. */
  async finishedScales(): Promise<Uint8Array[]> {
    const files: Uint8Array[] = [];
    for (;;) {
      const file = await this.#read(scaleFile(files.length));
      if (file === null) return files;
      files.push(file);
    }
  }

  /** Of the scale in training; null where there is none. */
  checkpoint(scale: number): Promise<Uint8Array | null> {
    return this.#read(checkpointFile(scale));
  }

  writeCheckpoint(scale: number, bytes: Uint8Array): Promise<void> {
    return this.write(checkpointFile(scale), bytes);
  }

  async writeScale(scale: number, bytes: Uint8Array): Promise<void> {
    await this.write(scaleFile(scale), bytes);
    await rm(path.join(this.folder, checkpointFile(scale)), { force: true });
  }

  async readJson(name: string): Promise<unknown> {
    const bytes = await this.#read(name);
    return bytes && JSON.parse(bytes.toString('utf8'));
  }

  writeJson(name: string, value: unknown): Promise<void> {
    return this.write(name, `${JSON.stringify(value, null, 2)}\n`);
  }

  write(name: string, content: Uint8Array | string): Promise<void> {
    return writeWhole(path.join(this.folder, name), content);
  }

  async #read(name: string): Promise<Buffer | null> {
    try {
      return await readFile(path.join(this.folder, name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }
}

function scaleFile(scale: number): string {
  return `scale-${scale}.safetensors`;
}

function checkpointFile(scale: number): string {
  return `checkpoint-${scale}.safetensors`;
}
