import { type CreateModel, createModelSchema, type TrainingConfig } from '@singan/contracts';
import { type CreatedModel, createModel, getModel, type StoredFile } from '@singan/database';
import { AppError } from '@singan/domain';
import { type CanonicalImage, canonicalize } from '@singan/imaging';
import { checkMemory, estimateTraining, planPyramid, resolveTrainingConfig, workingSize } from '@singan/plan';
import { checkWebhookUrl } from '@singan/webhooks';
import type { ApiDependencies, UploadRouteOptions } from '../../dependencies.ts';
import { acceptedAnswer, type CreateAnswer } from '../../http/answer-once.ts';
import { missingFile, type Upload } from '../../http/read-upload.ts';
import { validate } from '../../http/validate.ts';
import { toJob } from '../../present/present-job.ts';
import { presentModel } from '../../present/present-model.ts';

const ALPHA_GROUND = 'white';

interface CreateTrainingOptions {
  readonly dependencies: UploadRouteOptions;
  readonly upload: Upload<'image'>;
  readonly idempotencyKey: string | null;
}

/** Checks everything about an upload before anything is kept; then the picture is stored, and model and job are written in one transaction. */
export async function createTraining(o: CreateTrainingOptions): Promise<CreateAnswer> {
  const { store, settings, ids, drawSeed, decodeInTurn } = o.dependencies;
  const file = o.upload.files.image;
  if (file === undefined) {
    throw missingFile('image', 'Expected the picture as the file part "image"; with curl: -F image=@picture.jpg');
  }
  const fields = validate(createModelSchema, o.upload.fields);
  if (fields.webhook !== undefined) {
    checkWebhookUrl(fields.webhook.url, { allowPrivate: settings.isPrivateWebhookAllowed });
  }
  const config = underConfig(() => resolveTrainingConfig(fields.config, drawSeed));
  const image = await decodeInTurn(() => canonicalize(file.path, settings.uploads));
  const plan = planTraining(image, config, settings);

  const modelId = ids('mdl');
  const key = `models/${modelId}/source.png`;
  const stored = await store.put(key, image.png, { contentType: 'image/png' });
  try {
    return await writeModel(o, { modelId, fields, config, image, plan, file: { key, ...stored } });
  } catch (error) {
    await discardPicture(o.dependencies, modelId, key);
    throw error;
  }
}

/** The error may hide a commit whose answer was lost: a picture that a model has stays. Left behind by mistake it does no harm. */
async function discardPicture(dependencies: ApiDependencies, modelId: string, key: string): Promise<void> {
  const { database, store, logger } = dependencies;
  try {
    if ((await getModel(database, modelId)) === null) await store.delete([key]);
  } catch (error) {
    logger.error({ err: error, modelId }, 'picture left behind');
  }
}

interface CheckedUpload {
  readonly modelId: string;
  readonly fields: CreateModel;
  readonly config: TrainingConfig;
  readonly image: CanonicalImage;
  readonly plan: ReturnType<typeof planTraining>;
  readonly file: StoredFile;
}

async function writeModel(o: CreateTrainingOptions, upload: CheckedUpload): Promise<CreateAnswer> {
  const { database, ids } = o.dependencies;
  const { modelId, fields, config, image, plan, file } = upload;
  const { width, height } = image;
  const created = await createModel(database, {
    modelId,
    jobId: ids('job'),
    name: fields.name ?? null,
    metadata: fields.metadata,
    config,
    source: { ...image.source, alpha: image.transparent ? ALPHA_GROUND : null },
    ...plan,
    gray: image.gray,
    webhook: fields.webhook ?? null,
    sourceArtifact: { id: ids('art'), kind: 'source', contentType: 'image/png', ...file, width, height },
    ...(o.idempotencyKey === null ? {} : { idempotency: { key: o.idempotencyKey, respond: answerFor } }),
  });
  return answerFor(created);
}

function answerFor({ model, job }: CreatedModel): CreateAnswer {
  return acceptedAnswer({ model: presentModel(model), job: toJob(job) });
}

function planTraining(image: CanonicalImage, config: TrainingConfig, settings: ApiDependencies['settings']) {
  const size = { width: image.width, height: image.height };
  const pyramid = planPyramid(size, config);
  checkMemory(size, config, settings.trainingMemoryBytes);
  const estimate = estimateTraining(pyramid, config, settings.trainingGigaFlops);
  return { working: workingSize(size, config), pyramid, estimate };
}

/** Faults of a configuration point into it; in the request it is the part `config`. */
function underConfig<T>(resolve: () => T): T {
  try {
    return resolve();
  } catch (error) {
    if (!(error instanceof AppError) || error.errors.length === 0) throw error;
    const errors = error.errors.map(({ pointer, detail }) => ({ pointer: `/config${pointer}`, detail }));
    throw new AppError(error.code, error.message, { cause: error, errors });
  }
}
