import type { Model, Scale } from '@singan/contracts';
import type { ModelRecord, ScaleRecord } from '@singan/database';
import { AppError } from '@singan/domain';
import { links } from './links.ts';

export function presentModel(model: ModelRecord): Model {
  const { id, name, metadata, state, config, source, working, gray, pyramid, estimate, scalesDone } = model;
  return {
    id,
    name,
    metadata,
    state,
    config,
    source,
    working,
    gray,
    pyramid,
    estimate,
    scalesDone,
    trainingJobId: model.trainingJobId,
    createdAt: model.createdAt.toISOString(),
    readyAt: model.readyAt?.toISOString() ?? null,
    links: {
      self: links.model(id),
      scales: links.modelScales(id),
      samples: links.modelSamples(id),
      paintings: links.modelPaintings(id),
      harmonizations: links.modelHarmonizations(id),
      edits: links.modelEdits(id),
      animations: links.modelAnimations(id),
      superResolutions: links.modelSuperResolutions(id),
      evaluations: links.modelEvaluations(id),
      image: links.artifactContent(model.sourceArtifactId),
      trainingJob: links.job(model.trainingJobId),
    },
  };
}

export function presentScale(scale: ScaleRecord): Scale {
  const { index, width, height, channels, noiseAmplitude, iterations, seconds, losses, sifid } = scale;
  return {
    index,
    width,
    height,
    channels,
    noiseAmplitude,
    iterations,
    seconds,
    losses: [...losses],
    sifid,
    links: {
      reconstruction: links.artifactContent(pictureOf(scale, scale.reconstructionArtifactId)),
      sample: links.artifactContent(pictureOf(scale, scale.sampleArtifactId)),
    },
  };
}

/** A scale is recorded together with its two pictures, in one transaction. */
function pictureOf(scale: ScaleRecord, artifactId: string | null): string {
  if (artifactId !== null) return artifactId;
  throw new AppError('internal', 'A finished scale has no preview picture.', {
    context: { modelId: scale.modelId, scale: scale.index },
  });
}
