/** An element with properties (`class`, `data-*` and `aria-*` as attributes) and children; null children are left out. */
export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined) continue;
    if (name in node && !name.includes('-')) node[name] = value;
    else node.setAttribute(name === 'className' ? 'class' : name, String(value));
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

export function stateBadge(state) {
  return element('span', { className: 'badge', 'data-state': state }, state);
}

/** What to show where there is nothing yet. */
export function emptyNote(text, ...more) {
  return element('p', { className: 'empty' }, text, ...more);
}

/** A picture, or a plain box while there is none. */
export function picture(source, alt) {
  if (source === null) return element('div', { className: 'picture', 'aria-hidden': 'true' });
  const image = element('img', { className: 'picture', alt, loading: 'lazy', decoding: 'async', src: source });
  image.addEventListener('error', () => image.replaceWith(picture(null, '')), { once: true });
  return image;
}

/** Replaces the children only when the data changed, so that a reader's focus and selection stay. */
export function renderWhenChanged(root, data, render) {
  const fingerprint = JSON.stringify(data);
  if (root.dataset.fingerprint === fingerprint) return;
  root.dataset.fingerprint = fingerprint;
  root.replaceChildren(...[render(data)].flat());
}
