import { element, emptyNote, renderWhenChanged } from './dom.js';
import { ago, duration, jobName, plural } from './words.js';

const PURPOSE = { training: 'trains models', generation: 'draws pictures' };

/** Counts of each queue, and what waits outside of them. */
export function renderQueues(root, status) {
  const outside = { undispatched: status.undispatched, pendingWebhooks: status.pendingWebhooks };
  renderWhenChanged(root, { queues: status.queues, outside }, () => [
    ...status.queues.map(queueCard),
    element('p', { className: 'outside' }, outsideNote(outside)),
  ]);
}

function outsideNote({ undispatched, pendingWebhooks }) {
  if (undispatched + pendingWebhooks === 0) return 'Every job is handed to its queue, every webhook delivered.';
  return `${plural(undispatched, 'message')} still to hand to Redis · ${plural(pendingWebhooks, 'webhook')} still to deliver`;
}

function queueCard(queue) {
  const oldest = queue.oldestWaitingSeconds;
  return element(
    'article',
    { className: 'card queue' },
    element('h3', {}, queue.name, element('small', {}, PURPOSE[queue.name] ?? '')),
    element(
      'dl',
      { className: 'figures' },
      figure('waiting', queue.counts.queued),
      figure('running', queue.counts.running),
      figure('done, last hour', queue.finishedLastHour),
      figure('failed', queue.counts.failed, queue.counts.failed > 0 ? 'failed' : null),
    ),
    element(
      'p',
      { className: 'note' },
      oldest === null ? 'Nothing waits.' : `The oldest has waited ${duration(oldest)}.`,
    ),
  );
}

function figure(name, value, state = null) {
  return element('div', { 'data-state': state }, element('dt', {}, name), element('dd', {}, String(value ?? 0)));
}

/** Who works, on what, and when they were last heard of. */
export function renderWorkers(root, count, workers) {
  count.textContent = workers.length === 0 ? '' : String(workers.length);
  const shown = workers.map((worker) => ({
    ...worker,
    seen: ago(worker.seenAt),
    since: ago(worker.startedAt),
    seenAt: null,
  }));
  renderWhenChanged(root, shown, () => (shown.length === 0 ? noWorkers() : shown.map(workerCard)));
}

function noWorkers() {
  return emptyNote('No worker is running. Jobs are kept and start as soon as one does.');
}

function workerCard(worker) {
  const running = worker.running.map((job) => element('a', { href: `/jobs/${job.jobId}` }, jobName(job.kind)));
  return element(
    'article',
    { className: 'card worker' },
    element('h3', {}, worker.host, element('small', {}, `pid ${worker.pid}`)),
    element(
      'p',
      { className: 'note' },
      worker.roles.join(', '),
      worker.engine === null ? '' : ` · engine ${worker.engine}`,
    ),
    element('p', {}, running.length === 0 ? 'idle' : 'works on ', ...withCommas(running)),
    element('p', { className: 'note' }, `started ${worker.since}, seen ${worker.seen}`),
  );
}

function withCommas(nodes) {
  return nodes.flatMap((node, index) => (index === 0 ? [node] : [', ', node]));
}
