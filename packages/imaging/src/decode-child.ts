import { setInterval } from 'node:timers';
import { AppError, assertNever } from '@singan/domain';
import sharp from 'sharp';
import { decodeCanonical, decodeCanonicalAlpha } from './decode-canonical.ts';
import { type DecodeAnswer, type DecodeRefusal, type DecodeRequest, EXIT_MEMORY } from './decode-protocol.ts';
import { readHeader } from './read-header.ts';

const WATCH_INTERVAL_MS = 20;

/** The allow-list once more, inside libvips: a file that fools the sniffer still meets no other decoder. */
const LOADERS = ['Png', 'Jpeg', 'Webp', 'Tiff', 'Heif', 'Nsgif'].map((name) => `VipsForeignLoad${name}File`);

// A parent that was killed must not leave its child behind.
process.on('disconnect', () => process.exit());
process.once('message', (request: DecodeRequest) => void serve(request));

async function serve(request: DecodeRequest): Promise<void> {
  watchMemory(request.memoryLimitBytes);
  sharp.concurrency(1);
  sharp.cache(false);
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: LOADERS });
  const answer = await run(request).catch(refusal);
  process.send?.(answer, () => process.disconnect());
}

async function run({ task, path, format, limits }: DecodeRequest): Promise<DecodeAnswer> {
  switch (task) {
    case 'inspect':
      return { ok: true, facts: await readHeader(path, format, limits) };
    case 'canonicalize':
      return { ok: true, image: await decodeCanonical(path, format, limits) };
    case 'canonicalize-alpha':
      return { ok: true, image: await decodeCanonicalAlpha(path, format, limits) };
    default:
      return assertNever(task);
  }
}

function refusal(error: unknown): DecodeRefusal {
  const cause = String(error instanceof Error ? (error.cause ?? error) : error);
  if (!(error instanceof AppError))
    return { ok: false, code: 'internal', detail: 'The picture could not be decoded.', cause };
  return { ok: false, code: error.code, detail: error.message, cause };
}

/** Decoders allocate outside V8, where --max-old-space-size does not reach; they run on other threads, so this timer keeps ticking. */
function watchMemory(limitBytes: number): void {
  const check = (): void => {
    if (process.memoryUsage.rss() > limitBytes) process.exit(EXIT_MEMORY);
  };
  check();
  setInterval(check, WATCH_INTERVAL_MS).unref();
}
