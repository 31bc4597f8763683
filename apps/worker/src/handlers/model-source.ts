import { createHash } from 'node:crypto';
import type { ModelRecord } from '@singan/database';
import type { ObjectStore } from '@singan/storage';
import type { ModelOfTask } from '../generation-task.ts';
import { readVerified } from '../host/verified-object.ts';
import type { ModelFiles } from '../protocol.ts';

interface ScaleFile {
  readonly key: string;
  readonly sha256: string;
}

/** The files of a model, and the name that they have in a child's memory. */
export class ModelSource {
  readonly #model: ModelRecord;
  readonly #files: readonly ScaleFile[];
  readonly #store: ObjectStore;
  #variant: ModelFiles['variant'] = null;

  /** @param files of the scales that are trained, coarsest first */
  constructor(model: ModelRecord, files: readonly ScaleFile[], store: ObjectStore) {
    this.#model = model;
    this.#files = files;
    this.#store = store;
  }

  /** A scale that is to take the place of the trained one. */
  replaceScale(variant: { scale: number; bytes: Uint8Array }): void {
    this.#variant = variant;
  }

  get task(): ModelOfTask {
    const { id, gray, config, pyramid } = this.#model;
    const names = [id, ...this.#files.map((file) => file.sha256)];
    if (this.#variant !== null) names.push(sha256(this.#variant.bytes));
    // While the model is in training, its finest scale is the finest that is done.
    const plan = { ...pyramid, levels: pyramid.levels.slice(0, this.#files.length) };
    return { key: sha256(names.join('\n')), gray, config, plan };
  }

  async read(): Promise<ModelFiles> {
    return { scales: await this.readScales(), variant: this.#variant };
  }

  readScales(): Promise<Buffer[]> {
    return Promise.all(this.#files.map((file) => readVerified(this.#store, file)));
  }
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
