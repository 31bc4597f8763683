/** Wakes one waiter. A wake that comes while nobody waits is kept, so that nothing is missed between reading and waiting. */
export class WakeSignal {
  #isWoken = false;
  #resolve: (() => void) | null = null;

  wake(): void {
    this.#isWoken = true;
    this.#resolve?.();
  }

  /** Resolves at the next wake, after the time, or when aborted, whichever is first. */
  async wait(timeoutMs: number, abort: AbortSignal): Promise<'woken' | 'timeout' | 'aborted'> {
    if (!this.#isWoken && !abort.aborted) await this.#pause(timeoutMs, abort);
    if (abort.aborted) return 'aborted';
    const result = this.#isWoken ? 'woken' : 'timeout';
    this.#isWoken = false;
    return result;
  }

  async #pause(timeoutMs: number, abort: AbortSignal): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    let resume = (): void => {};
    try {
      await new Promise<void>((resolve) => {
        resume = resolve;
        this.#resolve = resolve;
        timer = setTimeout(resolve, timeoutMs);
        abort.addEventListener('abort', resume, { once: true });
      });
    } finally {
      clearTimeout(timer);
      abort.removeEventListener('abort', resume);
      this.#resolve = null;
    }
  }
}
