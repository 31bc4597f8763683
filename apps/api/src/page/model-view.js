import { getJson } from './api.js';
import { element, emptyNote, picture, renderWhenChanged, stateBadge } from './dom.js';
import { ago, duration, shortId, significant, trainingName } from './words.js';

/** Layers that SIFID is measured at, with their short names. */
const LAYERS = { conv2d_2b: '2b', conv2d_4a: '4a' };
const MODEL_ID = /^#(mdl_\w{26})$/;

/** Address of a model on this page. */
export function modelAnchor(id) {
  return `#${id}`;
}

/** The model that the address of the page names: its scales, and what its evaluations found. */
export async function renderModelView(section) {
  const id = MODEL_ID.exec(location.hash)?.[1] ?? null;
  section.hidden = id === null;
  if (id === null) {
    renderWhenChanged(section, null, () => []);
    return;
  }
  try {
    const model = await getJson(`/models/${id}`);
    const times = model.evaluations.map(({ createdAt }) => ago(createdAt));
    renderWhenChanged(section, { model, times }, () => modelView(model, times));
  } catch (error) {
    renderWhenChanged(section, error.message, () => [heading(shortId(id), null), emptyNote(error.message)]);
  }
}

function modelView(model, times) {
  const { scales, evaluations } = model;
  return [
    heading(model.name ?? shortId(model.id), model),
    element(
      'div',
      { className: 'card tables' },
      scales.length === 0 ? emptyNote('No scale is trained yet.') : scaleTable(scales),
      evaluations.length === 0 ? notEvaluated(model) : evaluationTable(evaluations, times),
    ),
  ];
}

function heading(name, model) {
  const facts = model && [
    stateBadge(model.state),
    element('small', {}, trainingName(model.config)),
    element('a', { href: model.links.self }, 'JSON'),
  ];
  return element(
    'h2',
    { id: 'model-title' },
    `Model ${name} `,
    facts,
    element('a', { className: 'close', href: '#', 'aria-label': 'Close this model' }, 'close'),
  );
}

function scaleTable(scales) {
  const groups = [
    ['', 4],
    ['SIFID of the reconstruction', 2],
    ['SIFID of a sample', 2],
    ['pictures', 1],
  ];
  const columns = ['scale', 'size', 'noise', 'time', ...Object.values(LAYERS), ...Object.values(LAYERS), ''];
  return table('Scales, coarsest first', { groups, columns, rows: scales.map(scaleRow) });
}

function scaleRow({ index, width, height, noiseAmplitude, seconds, sifid, links }) {
  const pictures = [
    smallPicture(links.reconstruction, `reconstruction of scale ${index}`),
    smallPicture(links.sample, `sample of scale ${index}`),
  ];
  const distances = [sifid?.reconstruction, sifid?.sample].flatMap((of) =>
    Object.keys(LAYERS).map((layer) => significant(of?.[layer])),
  );
  const size = `${width} × ${height}`;
  return [String(index), size, significant(noiseAmplitude), duration(seconds), ...distances, pictures];
}

function smallPicture(link, alt) {
  return element('a', { href: link, className: 'small-picture' }, picture(link, alt));
}

function evaluationTable(evaluations, times) {
  const groups = [
    ['', 2],
    ['SIFID', 2],
    ['', 3],
  ];
  const columns = ['start scale', 'samples', ...Object.values(LAYERS), 'diversity', 'copy score', 'when'];
  const rows = evaluations.map((evaluation, n) => evaluationRow(evaluation, times[n]));
  return table('Newest evaluation of each start scale, means over the samples', { groups, columns, rows });
}

function evaluationRow({ startScale, samples, sifid, diversity, copyScore, links }, when) {
  const distances = Object.keys(LAYERS).map((layer) => significant(sifid?.[layer]?.mean));
  const scores = [significant(diversity), significant(copyScore?.mean)];
  return [String(startScale), String(samples), ...distances, ...scores, element('a', { href: links.job }, when)];
}

function notEvaluated(model) {
  if (model.state !== 'ready') return null;
  const command = `curl -X POST -H 'content-type: application/json' -d '{}' ${location.origin}${model.links.evaluations}`;
  return emptyNote('Not evaluated yet. To do it: ', element('code', {}, command));
}

function table(caption, { groups, columns, rows }) {
  const group = ([text, span]) => element('th', { colSpan: span, scope: 'colgroup' }, text);
  return element(
    'div',
    { className: 'scroll' },
    element(
      'table',
      {},
      element('caption', {}, caption),
      element(
        'thead',
        {},
        element('tr', { className: 'groups' }, groups.map(group)),
        element(
          'tr',
          {},
          columns.map((text) => element('th', { scope: 'col' }, text)),
        ),
      ),
      element(
        'tbody',
        {},
        rows.map((cells) =>
          element(
            'tr',
            {},
            cells.map((cell) => element('td', {}, cell)),
          ),
        ),
      ),
    ),
  );
}
