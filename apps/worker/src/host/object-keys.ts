/** Where a worker's objects lie. Each attempt writes under its own prefix, so that a zombie never touches what its successor wrote. */
export interface AttemptKeys {
  scale(index: number): string;
  checkpoint(scale: number, iteration: number): string;
  reconstruction(scale: number): string;
  scaleSample(scale: number): string;
  output(name: OutputName): string;
}

/** What tells the outputs of a job apart. */
interface OutputName {
  readonly kind: string;
  readonly startScale?: number | undefined;
  readonly index?: number | undefined;
  readonly extension: string;
}

export function attemptKeys(o: { modelId: string; jobId: string; attempt: number }): AttemptKeys {
  const base = `${jobPrefix(o.modelId, o.jobId)}${o.attempt}`;
  return {
    scale: (index) => `${base}/scale-${index}.safetensors`,
    checkpoint: (scale, iteration) => `${base}/checkpoint-${scale}-${iteration}.safetensors`,
    reconstruction: (scale) => `${base}/reconstruction-${scale}.png`,
    scaleSample: (scale) => `${base}/sample-of-scale-${scale}.png`,
    output: ({ kind, startScale, index, extension }) => {
      const parts = [kind, startScale, index].filter((part) => part !== undefined);
      return `${base}/${parts.join('-')}.${extension}`;
    },
  };
}

/** Everything of a model lies under this prefix. */
export function modelPrefix(modelId: string): string {
  return `models/${modelId}/`;
}

/** Everything that the attempts of a job have stored. */
export function jobPrefix(modelId: string, jobId: string): string {
  return `${modelPrefix(modelId)}jobs/${jobId}/`;
}

/** A scale that was trained again on quantised inputs. A pure function of the model, so every job that wants it may use it. */
export function variantKey(modelId: string, { scale, colours }: { scale: number; colours: number }): string {
  return `${modelPrefix(modelId)}variants/scale-${scale}-colours-${colours}.safetensors`;
}

/** The curve and the clock of a scale, beside its checkpoint. */
export function notesKey(checkpointKey: string): string {
  return `${checkpointKey}.notes.json`;
}
