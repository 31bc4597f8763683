const TIMEOUT_MS = 10_000;

/** A JSON answer of the API; an error says what the API said. */
export async function getJson(path) {
  const response = await ask(path);
  const body = await response.json();
  if (!response.ok) throw new Error(body.detail ?? `${path} answered ${response.status}`);
  return body;
}

async function ask(path) {
  try {
    return await fetch(path, {
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    throw new Error('The service cannot be reached.', { cause: error });
  }
}

/**
 * The events of a job until its `done`. The browser reconnects by itself and resumes after the last event it saw; `closed` is called
 * when it gives up, because the answer was an error.
 */
export function followJob(path, { closed, ...handlers }) {
  const source = new EventSource(path);
  for (const [type, handle] of Object.entries(handlers)) {
    source.addEventListener(type, (event) => handle(JSON.parse(event.data)));
  }
  source.addEventListener('done', () => source.close());
  source.addEventListener('error', () => source.readyState === EventSource.CLOSED && closed());
  return { close: () => source.close() };
}
