import type { FastifyBaseLogger } from 'fastify';

const TIMEOUT_MS = 2000;

/** Whether a dependency answers in time; why not is for the log. */
export async function runCheck(check: () => Promise<void>, log: FastifyBaseLogger): Promise<'up' | 'down'> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${TIMEOUT_MS} ms`)), TIMEOUT_MS);
  });
  try {
    await Promise.race([check(), timeout]);
    return 'up';
  } catch (error) {
    log.warn({ err: error }, 'dependency check failed');
    return 'down';
  } finally {
    clearTimeout(timer);
  }
}
