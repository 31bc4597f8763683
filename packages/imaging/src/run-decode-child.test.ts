import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Corpus, createCorpus, gradient } from './corpus.fixture.ts';
import { canonicalize, DEFAULT_DECODE_BUDGET, type UploadLimits } from './index.ts';

const limits: UploadLimits = { maxBytes: 2 ** 20, maxPixels: 1_000_000, maxSidePx: 5000 };

let corpus: Corpus;
let path: string;
beforeAll(async () => {
  corpus = await createCorpus();
  path = await corpus.write('picture.png', await gradient(30, 20).png().toBuffer());
});
afterAll(() => corpus.remove());

describe('the decoding process', () => {
  it('is killed when its time is over', async () => {
    // One millisecond is over before any process has started.
    const attempt = canonicalize(path, limits, { ...DEFAULT_DECODE_BUDGET, timeoutMs: 1 });
    await expect(attempt).rejects.toMatchObject({
      code: 'image.corrupt',
      message: expect.stringContaining('within 0.001 s'),
    });
  });

  it('gives up at its memory limit', async () => {
    const attempt = canonicalize(path, limits, { ...DEFAULT_DECODE_BUDGET, memoryLimitBytes: 2 ** 20 });
    await expect(attempt).rejects.toMatchObject({
      code: 'image.too_many_pixels',
      message: expect.stringContaining('more than 1 MiB of memory'),
    });
  });

  it('ends when its parent is gone', async () => {
    const script = fileURLToPath(new URL('./decode-child.ts', import.meta.url));
    const child = fork(script, [], {
      env: {},
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: 'ignore' as const,
    });
    await once(child, 'spawn');
    child.disconnect();
    const [code, signal] = await once(child, 'exit');
    expect({ code, signal }).toEqual({ code: 0, signal: null });
  });

  it('serves several pictures at once, each in a process of its own', async () => {
    const images = await Promise.all(Array.from({ length: 4 }, () => canonicalize(path, limits)));
    expect(images.map(({ width, height }) => [width, height])).toEqual(Array.from({ length: 4 }, () => [30, 20]));
  });
});
