import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Corpus } from './corpus.fixture.ts';

/** Where ffmpeg is, empty where there is none. */
export const REAL_FFMPEG = execFileSync('/bin/sh', ['-c', 'command -v ffmpeg || true']).toString().trim();

/** A folder that holds nothing but, if there is a script, a program `ffmpeg` made of it. */
export async function installScript(corpus: Corpus, script: string | null): Promise<{ folder: string }> {
  const marker = await corpus.write('marker', Buffer.alloc(0));
  const root = dirname(marker);
  const name = `path-${(await readdir(root)).length}`;
  const folder = join(root, name);
  await mkdir(folder);
  if (script === null) return { folder };
  const text = `#!/bin/sh\nPATH=/usr/local/bin:/usr/bin:/bin\n${script}\n`;
  await chmod(await corpus.write(join(name, 'ffmpeg'), Buffer.from(text)), 0o755);
  return { folder };
}
