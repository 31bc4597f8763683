import { followJob } from './api.js';
import { element, emptyNote, picture, renderWhenChanged, stateBadge } from './dom.js';
import { ago, duration, jobName, plural, shortId, spaced } from './words.js';

/** A browser opens at most six connections to one HTTP/1.1 server, and each stream keeps one: the other jobs are refreshed by the list. */
const MAX_LIVE_STREAMS = 3;

/** The cards of the running jobs; the first few are live, by their event streams. */
export class RunningJobs {
  #cards = new Map();
  #root;
  #count;
  #onEnd;

  constructor(root, count, onEnd) {
    this.#root = root;
    this.#count = count;
    this.#onEnd = onEnd;
  }

  update(jobs, modelNames) {
    this.#count.textContent = jobs.length === 0 ? '' : String(jobs.length);
    const ids = new Set(jobs.map((job) => job.id));
    for (const [id, card] of this.#cards) {
      if (ids.has(id)) continue;
      card.close();
      this.#cards.delete(id);
    }
    jobs.forEach((job, index) => {
      const card = this.#cards.get(job.id) ?? new JobCard(job, this.#onEnd);
      this.#cards.set(job.id, card);
      card.show(job, modelNames.get(job.modelId));
      if (index < MAX_LIVE_STREAMS) card.follow();
    });
    const nodes = [...this.#cards.values()].map((card) => card.node);
    if (nodes.length === 0) nodes.push(emptyNote('Nothing is running.'));
    if (nodes.length !== this.#root.children.length || nodes.some((node, i) => this.#root.children[i] !== node)) {
      this.#root.replaceChildren(...nodes);
    }
  }

  /** Ends every stream, while nobody looks. */
  pause() {
    for (const card of this.#cards.values()) card.close();
  }
}

class JobCard {
  #job;
  #stream = null;
  #onEnd;
  #title = element('h3');
  #picture = element('div', { className: 'frame' }, picture(null, ''));
  #bar = element('progress', { max: 1, value: 0, 'aria-label': 'Share of the job that is done' });
  #where = element('p');
  #losses = element('dl', { className: 'losses' });
  #pictureLink = null;

  constructor(job, onEnd) {
    this.#job = job;
    this.#onEnd = onEnd;
    const text = element('div', { className: 'text' }, this.#title, this.#bar, this.#where, this.#losses);
    this.node = element('article', { className: 'card job' }, this.#picture, text);
  }

  show(job, modelName) {
    this.#job = job;
    const name = modelName ?? shortId(job.modelId);
    const subtitle = [jobName(job.kind), job.metrics.engine].filter((part) => part !== null).join(' · ');
    renderWhenChanged(this.#title, { name, subtitle }, () => [
      element('a', { href: job.links.self }, name),
      element('small', {}, subtitle),
    ]);
    if (this.#stream === null) this.#showProgress(job.progress);
  }

  follow() {
    if (this.#stream !== null) return;
    this.#stream = followJob(this.#job.links.events, {
      progress: ({ progress }) => this.#showProgress(progress),
      preview: ({ links, kind, scale }) => this.#showPicture(links.content, kind, scale),
      done: () => this.#onEnd(),
      closed: () => this.close(),
    });
  }

  close() {
    this.#stream?.close();
    this.#stream = null;
  }

  #showProgress(progress) {
    if (progress === null) {
      this.#bar.removeAttribute('value');
      this.#where.textContent = 'starting';
      return;
    }
    this.#bar.value = progress.fraction;
    this.#where.textContent = this.#describe(progress);
    const losses = Object.entries(progress.losses ?? {}).sort(([a], [b]) => a.localeCompare(b));
    this.#losses.replaceChildren(
      ...losses.map(([name, value]) =>
        element('div', {}, element('dt', {}, spaced(name)), element('dd', {}, value.toPrecision(3))),
      ),
    );
  }

  #describe({ scale, scales, iteration, iterations, fraction, etaSeconds }) {
    const percent = `${Math.floor(fraction * 100)} %`;
    const left = etaSeconds === null ? null : `${duration(etaSeconds)} left`;
    const isTraining = this.#job.kind === 'train' || (this.#job.input.quantize ?? null) !== null;
    const unit = this.#job.kind === 'animate' ? 'frame' : 'picture';
    const place = isTraining
      ? `scale ${scale + 1} of ${scales} · iteration ${iteration} of ${iterations}`
      : `${unit} ${iteration} of ${iterations}`;
    return [percent, place, left].filter((part) => part !== null).join(' · ');
  }

  #showPicture(link, kind, scale) {
    if (this.#pictureLink === link) return;
    this.#pictureLink = link;
    const isOfScale = kind === 'reconstruction' || kind === 'scale-sample';
    const caption = isOfScale ? `${kind.replace('scale-', '')} of scale ${scale + 1}` : `newest ${kind}`;
    this.#picture.replaceChildren(picture(link, caption), element('small', {}, caption));
  }
}

/** The jobs that wait, next first. */
export function renderWaiting(root, jobs, modelNames) {
  root.hidden = jobs.length === 0;
  const lines = [...jobs]
    .sort((a, b) => (a.position ?? 0) - (b.position ?? 0))
    .map(({ links, kind, modelId, position, createdAt }) => ({
      href: links.self,
      title: `${jobName(kind)}: ${modelNames.get(modelId) ?? shortId(modelId)}`,
      note: [placeInQueue(position), ago(createdAt)].filter((part) => part !== null).join(' · '),
    }));
  renderWhenChanged(root, lines, () => lines.map(waitingLine));
}

function waitingLine({ href, title, note }) {
  return element('li', {}, stateBadge('queued'), element('a', { href }, title), element('small', {}, note));
}

function placeInQueue(position) {
  if (position === null) return null;
  return position === 1 ? 'next' : `${plural(position - 1, 'job')} before it`;
}
