import { AppError } from '@singan/domain';

/** Gives up waiting after `timeoutMs`, with an AppError that Redis does not answer; its faults become the same. */
export async function withTimeout<T>(work: Promise<T>, timeoutMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([work, deadline]);
  } catch (error) {
    throw new AppError('queue.unavailable', `Redis did not ${what}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
