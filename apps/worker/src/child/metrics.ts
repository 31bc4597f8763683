import type { ScaleSifid } from '@singan/contracts';
import type { RgbImage } from '@singan/domain';
import {
  createEvaluator,
  decodeWeights,
  type Evaluator,
  type InceptionWeights,
  loadDefaultWeights,
  METRICS_VERSION,
} from '@singan/evaluation';

interface Loaded {
  readonly weights: InceptionWeights;
  readonly evaluator: Evaluator;
}

/** What this process scores pictures with. Its weights are put on the engine once, when the first picture is scored. */
export class Metrics {
  #weights: InceptionWeights | null = null;
  #loaded: Promise<Loaded> | null = null;

  /**
   * Takes the weights of a file in place of those that come with the service.
   * @throws AppError `config.invalid` for a file that has none
   */
  useWeights(safetensors: Uint8Array): void {
    this.#weights = decodeWeights(safetensors);
  }

  async evaluator(): Promise<Evaluator> {
    return (await this.#load()).evaluator;
  }

  /** How close the pictures of a scale are to the one that the scale was trained on. */
  async sifidOfScale(real: RgbImage, made: { reconstruction: RgbImage; sample: RgbImage }): Promise<ScaleSifid> {
    const { weights, evaluator } = await this.#load();
    return {
      version: METRICS_VERSION,
      weights: weights.name,
      inputRange: [...weights.inputRange],
      reconstruction: evaluator.sifid(real, made.reconstruction),
      sample: evaluator.sifid(real, made.sample),
    };
  }

  #load(): Promise<Loaded> {
    this.#loaded ??= this.#create();
    return this.#loaded;
  }

  async #create(): Promise<Loaded> {
    const weights = this.#weights ?? (await loadDefaultWeights());
    return { weights, evaluator: createEvaluator(weights) };
  }
}
