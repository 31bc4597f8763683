import { getJson } from './api.js';
import { element, emptyNote, picture, renderWhenChanged, stateBadge } from './dom.js';
import { modelAnchor } from './model-view.js';
import { ago, duration, plural, shortId } from './words.js';

const newestScalePictures = new Map();

/** The newest models, each with the newest picture made from it. */
export async function renderModels(root, models, sampleJobs, failedJobs) {
  const newestSamples = new Map();
  for (const job of [...sampleJobs].reverse())
    newestSamples.set(job.modelId, job.outputs.find((output) => output.kind === 'sample')?.links.content);
  const failures = new Map(failedJobs.filter((job) => job.kind === 'train').map((job) => [job.modelId, job.error]));
  const cards = await Promise.all(
    models.map(async (model) => ({
      model,
      image: newestSamples.get(model.id) ?? (await newestScalePicture(model)) ?? model.links.image,
      failure: model.state === 'failed' ? (failures.get(model.id)?.title ?? null) : null,
      created: ago(model.createdAt),
    })),
  );
  renderWhenChanged(root, cards, () => (cards.length === 0 ? noModels() : cards.map(modelCard)));
}

/** A scale's picture never changes, so one question a finished scale is enough. */
async function newestScalePicture(model) {
  if (model.scalesDone === 0) return null;
  const key = `${model.id}/${model.scalesDone}`;
  if (!newestScalePictures.has(key)) {
    const { scales } = await getJson(model.links.self);
    newestScalePictures.set(key, scales.at(-1)?.links.sample ?? null);
  }
  return newestScalePictures.get(key);
}

function noModels() {
  const command = `curl -F image=@picture.jpg ${location.origin}/models`;
  return emptyNote('No models yet. Train the first one: ', element('code', {}, command));
}

function modelCard({ model, image, failure, created }) {
  const name = model.name ?? shortId(model.id);
  return element(
    'article',
    { className: 'card model' },
    element('a', { href: image, className: 'frame' }, picture(image, `Newest picture of ${name}`)),
    element(
      'div',
      { className: 'text' },
      element('h3', {}, element('a', { href: modelAnchor(model.id) }, name)),
      element('p', {}, stateBadge(model.state), ` ${progressOf(model)}`),
      failure === null ? null : element('p', { className: 'failure' }, failure),
      element(
        'p',
        { className: 'note' },
        `${model.working.width} × ${model.working.height} · ${model.config.preset} · ${created}`,
      ),
    ),
  );
}

function progressOf(model) {
  const total = model.pyramid.levels.length;
  if (model.state === 'queued' && model.scalesDone === 0)
    return `about ${duration(model.estimate.seconds)} of training`;
  return model.scalesDone === total ? plural(total, 'scale') : `${model.scalesDone} of ${plural(total, 'scale')}`;
}
