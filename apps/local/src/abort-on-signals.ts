/** Aborts at the first Ctrl-C or SIGTERM; further ones change nothing, since everything is being stopped already. */
export function abortOnSignals(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => controller.abort(signal));
  return controller.signal;
}
