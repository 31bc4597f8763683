import { getJson } from './api.js';
import { renderModelView } from './model-view.js';
import { renderModels } from './models.js';
import { renderQueues, renderWorkers } from './queues.js';
import { RunningJobs, renderWaiting } from './running.js';

const POLL_MS = 2000;
/** Names, pictures and waiting jobs are asked for again when the counts change, and this often without a change. */
const REFRESH_POLLS = 10;

const byId = (id) => document.getElementById(id);
const running = new RunningJobs(byId('running'), byId('running-count'), () => poll());
let timer = null;
let lastCounts = '';
let lastAnswer = '';
let pollsSinceRefresh = REFRESH_POLLS;
let isPolling = false;

async function poll() {
  if (isPolling || document.hidden) return;
  isPolling = true;
  clearTimeout(timer);
  try {
    const status = await getJson('/queues');
    renderQueues(byId('queues'), status);
    renderWorkers(byId('workers'), byId('workers-count'), status.workers);
    if (isRefreshDue(status)) await refresh();
    lastAnswer = `What you see is from ${new Date().toLocaleTimeString()}.`;
    showConnection('live', null);
  } catch (error) {
    lastCounts = '';
    showConnection('lost', `${error.message} ${lastAnswer} Trying again every ${POLL_MS / 1000} s.`);
  } finally {
    isPolling = false;
    timer = setTimeout(poll, POLL_MS);
  }
}

/** Counts without ages: those change with every answer. */
function isRefreshDue(status) {
  const counts = JSON.stringify(status.queues.map(({ counts, finishedLastHour }) => [counts, finishedLastHour]));
  const isBusy = status.queues.some((queue) => queue.counts.running > 0);
  pollsSinceRefresh += 1;
  const isDue = counts !== lastCounts || pollsSinceRefresh >= (isBusy ? REFRESH_POLLS / 2 : REFRESH_POLLS);
  lastCounts = counts;
  if (isDue) pollsSinceRefresh = 0;
  return isDue;
}

async function refresh() {
  const [models, runningJobs, waiting, samples, failed] = await Promise.all([
    getJson('/models?limit=12'),
    getJson('/jobs?state=running&limit=20'),
    getJson('/jobs?state=queued&limit=10'),
    getJson('/jobs?state=succeeded&kind=sample&limit=50'),
    getJson('/jobs?state=failed&kind=train&limit=20'),
  ]);
  const names = new Map(models.data.filter((model) => model.name !== null).map((model) => [model.id, model.name]));
  running.update(runningJobs.data, names);
  renderWaiting(byId('waiting'), waiting.data, names);
  await renderModels(byId('models'), models.data, samples.data, failed.data);
  await renderModelView(byId('model'));
}

function showConnection(state, trouble) {
  const connection = byId('connection');
  connection.dataset.state = state;
  connection.textContent = state === 'live' ? 'live' : 'no connection';
  byId('trouble').hidden = trouble === null;
  byId('trouble').textContent = trouble ?? '';
}

window.addEventListener('hashchange', async () => {
  await renderModelView(byId('model'));
  byId('model').scrollIntoView({ block: 'nearest' });
});
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) {
    lastCounts = '';
    poll();
    return;
  }
  clearTimeout(timer);
  running.pause();
});
poll();
