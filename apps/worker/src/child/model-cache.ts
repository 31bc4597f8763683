/** A model in memory and what it takes there. */
export interface CachedModel {
  readonly sizeBytes: number;
  dispose(): void;
}

/** Loaded models, least recently used first out. A single model above the limit is kept until the next one comes. */
export class ModelCache<M extends CachedModel> {
  readonly #limitBytes: number;
  readonly #models = new Map<string, M>();

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get(key: string): M | undefined {
    const model = this.#models.get(key);
    if (model === undefined) return undefined;
    // A Map keeps the order of insertion: put again, it is the youngest.
    this.#models.delete(key);
    this.#models.set(key, model);
    return model;
  }

  put(key: string, model: M): void {
    this.#models.get(key)?.dispose();
    this.#models.delete(key);
    this.#models.set(key, model);
    for (const [oldKey, old] of this.#models) {
      if (this.sizeBytes <= this.#limitBytes || oldKey === key) return;
      this.#models.delete(oldKey);
      old.dispose();
    }
  }

  get sizeBytes(): number {
    return [...this.#models.values()].reduce((sum, model) => sum + model.sizeBytes, 0);
  }
}
