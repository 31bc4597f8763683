import { mkdirSync } from 'node:fs';
import path from 'node:path';

/** Where the embedded stack keeps what. */
export interface DataDirectory {
  readonly root: string;
  readonly redis: string;
  readonly objects: string;
  readonly logs: string;
  /** One file per process of the running stack, with its identity. */
  readonly run: string;
  readonly secrets: string;
}

export function openDataDirectory(directory: string): DataDirectory {
  const root = path.resolve(directory);
  const data = {
    root,
    redis: path.join(root, 'redis'),
    objects: path.join(root, 'objects'),
    logs: path.join(root, 'logs'),
    run: path.join(root, 'run'),
    secrets: path.join(root, 'secrets.json'),
  };
  for (const folder of [data.root, data.objects, data.logs, data.run]) mkdirSync(folder, { recursive: true });
  mkdirSync(data.redis, { recursive: true, mode: 0o700 });
  return data;
}
