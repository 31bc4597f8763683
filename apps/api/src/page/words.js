/** "40 s", "3 min", "2 h 10 min". */
export function duration(seconds) {
  if (seconds === null || seconds === undefined) return '';
  if (seconds < 1) return 'under 1 s';
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function ago(isoTime) {
  const seconds = (Date.now() - Date.parse(isoTime)) / 1000;
  if (seconds < 90) return 'just now';
  return seconds < 2 * 86_400 ? `${duration(seconds)} ago` : new Date(isoTime).toLocaleDateString();
}

export function plural(count, one, many = `${one}s`) {
  return `${count} ${count === 1 ? one : many}`;
}

/** The end of an id is its random part: enough to tell two apart on a page. */
export function shortId(id) {
  return `${id.slice(0, 4)}…${id.slice(-6)}`;
}

/** "discriminatorReal" -> "discriminator real" */
export function spaced(camelCase) {
  return camelCase.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

const JOB_NAMES = {
  train: 'training',
  sample: 'samples',
  paint: 'painting',
  harmonize: 'harmonization',
  edit: 'edit',
  animate: 'animation',
  'super-resolve': 'super-resolution',
  evaluate: 'evaluation',
};

/** What a job does, as a noun. */
export function jobName(kind) {
  return JOB_NAMES[kind] ?? kind;
}

/** What is special about a training, "quick · concurrent · loss aligned-patch"; purpose and scheme speak for themselves. */
export function trainingName({ preset, purpose, scheme, ...config }) {
  const plain = { loss: 'wgan-gp', padding: 'zero', normalization: 'batch', activation: 'leakyRelu' };
  const variants = Object.keys(plain).filter((field) => config[field] !== plain[field]);
  return [
    preset,
    purpose === 'general' ? null : purpose,
    scheme === 'sequential' ? null : scheme,
    ...variants.map((field) => `${field} ${config[field]}`),
  ]
    .filter((part) => part !== null)
    .join(' · ');
}

/** Three significant digits; a dash for what was not measured. */
export function significant(value) {
  if (value === null || value === undefined) return '–';
  return value >= 1000 ? String(Math.round(value)) : value.toPrecision(3);
}
