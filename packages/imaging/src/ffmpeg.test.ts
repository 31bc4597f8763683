import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Corpus, createCorpus } from './corpus.fixture.ts';
import { installScript } from './ffmpeg.fixture.ts';
import { runFfmpeg } from './ffmpeg.ts';

/** More than a pipe holds: it is taken only when the program reads. */
const LARGE = new Uint8Array(2 ** 20);
const SMALL = new Uint8Array(10);

let corpus: Corpus;
beforeAll(async () => {
  corpus = await createCorpus();
});
afterAll(() => corpus.remove());

async function* parts(...bytes: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* bytes;
}

describe('running ffmpeg', () => {
  it('hands over everything, in order', async () => {
    const { folder } = await installScript(corpus, 'exec cat > "$(dirname "$0")/got"');
    const input = Array.from({ length: 40 }, (_, part) => new Uint8Array(5000).fill(part));
    await runFfmpeg([], parts(...input), { searchPath: folder });
    expect((await readFile(join(folder, 'got'))).equals(Buffer.concat(input))).toBe(true);
  });

  it.each([
    ['does not read', LARGE],
    ['does not finish', SMALL],
  ])('gives up when it %s', async (_, bytes) => {
    const { folder } = await installScript(corpus, 'exec tail -f /dev/null');
    const attempt = runFfmpeg([], parts(bytes), { searchPath: folder, timeoutMs: 20 });
    await expect(attempt).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringContaining('within 0.02 s'),
    });
  });

  it.each([
    ['before it reads', 'echo "no such codec" >&2; exit 3', LARGE],
    ['after it read', 'cat > /dev/null; echo "no such codec" >&2; exit 3', SMALL],
  ])('tells the end of what it said when it fails %s', async (_, script, bytes) => {
    const { folder } = await installScript(corpus, script);
    await expect(runFfmpeg([], parts(bytes, bytes), { searchPath: folder })).rejects.toMatchObject({
      code: 'internal',
      context: { exitCode: 3, said: 'no such codec\n' },
    });
  });

  it('takes an end before the last frame for a failure, whatever the exit code', async () => {
    const { folder } = await installScript(corpus, 'exit 0');
    await expect(runFfmpeg([], parts(LARGE, LARGE), { searchPath: folder })).rejects.toMatchObject({
      code: 'internal',
      message: 'ffmpeg ended before the last frame',
    });
  });

  it('has ended when the source of the frames fails', async () => {
    const { folder } = await installScript(corpus, 'echo $$ > "$(dirname "$0")/pid"; exec cat > /dev/null');
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield LARGE;
      throw new Error('the model is gone');
    }
    await expect(runFfmpeg([], failing(), { searchPath: folder })).rejects.toThrow('the model is gone');
    const pid = Number(await readFile(join(folder, 'pid'), 'utf8'));
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it('stops the source of the frames when it fails', async () => {
    const { folder } = await installScript(corpus, 'exit 1');
    let isStopped = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield LARGE;
      } finally {
        isStopped = true;
      }
    }
    await expect(runFfmpeg([], endless(), { searchPath: folder })).rejects.toMatchObject({ code: 'internal' });
    expect(isStopped).toBe(true);
  });

  it('says so when there is none', async () => {
    const { folder } = await installScript(corpus, null);
    await expect(runFfmpeg([], parts(SMALL), { searchPath: folder })).rejects.toMatchObject({
      code: 'internal',
      message: 'ffmpeg could not be run',
    });
  });
});
