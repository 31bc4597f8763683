import { describe, expect, it } from 'vitest';
import { startEngine } from '../start-engine.ts';
import { isNativeBuilt } from './addon.ts';

describe.skipIf(!isNativeBuilt())('starting the native engine', () => {
  it('fails for an instruction set the processor lacks, and says which it has', async () => {
    await expect(startEngine('native', { nativeIsa: 'abacus' })).rejects.toMatchObject({
      code: 'engine.unavailable',
      message: expect.stringMatching(
        /native: expected an instruction set of this processor \(.*portable\), got abacus/,
      ),
    });
  });

  it('takes the threads it is given, and answers the same when started again', async () => {
    const info = await startEngine('native', { nativeIsa: 'portable', nativeThreads: 3 });
    expect(info).toMatchObject({ engine: 'native', isa: 'portable', threads: 3 });
    expect(await startEngine('native')).toEqual(info);
  });
});
