import { readdir } from 'node:fs/promises';
import type { GoldenCheck } from './golden-check.ts';

const CHECKS = new URL('../checks/', import.meta.url);

/** Every check in `checks/`; a new prefix is a new file there and nothing else. */
export async function loadChecks(): Promise<GoldenCheck[]> {
  const names = (await readdir(CHECKS)).filter((name) => name.endsWith('.ts')).sort();
  const modules = await Promise.all(names.map((name) => import(new URL(name, CHECKS).href)));
  return modules.map((module: { check: GoldenCheck }) => module.check);
}

/** The check with the longest prefix that fits, so that a special one may stand beside a general one. */
export function checkFor(fileName: string, checks: readonly GoldenCheck[]): GoldenCheck | undefined {
  return checks
    .filter(({ prefix }) => fileName.startsWith(prefix))
    .sort((a, b) => b.prefix.length - a.prefix.length)
    .at(0);
}
