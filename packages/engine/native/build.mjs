#!/usr/bin/env node
// Builds the native engine with a plain C++ compiler, without downloads:
//   node build.mjs                       the addon, build/singan-native.node; nothing to do when it is up to date
//   node build.mjs --tests [--sanitize]  the test program, build/tests or build/tests-sanitized
//   --compiler NAME                      instead of the first of g++, clang++, c++
// Without a compiler that can, or on a platform it does not know, it says so in one line and ends well: the service runs
// on another engine then.
import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';

const HERE = dirname(fileURLToPath(import.meta.url));
const BUILD = join(HERE, 'build');
const run = promisify(execFile);

const COMMON_FLAGS = ['-std=c++17', '-fPIC', '-Wall', '-Wextra', '-Wno-missing-field-initializers', '-pthread'];
const FAST_FLAGS = ['-O3', '-DNDEBUG'];
const SANITIZE_FLAGS = [
  '-O1',
  '-g',
  '-fno-omit-frame-pointer',
  '-fsanitize=address,undefined',
  '-fno-sanitize-recover',
];
// -Wno-psabi: GCC notes that vectors are passed in registers since version 4.6.
const KERNEL_FLAGS = ['-ffp-contract=fast', '-fno-math-errno', '-Wno-psabi'];
const AVX512_FLAGS = [
  '-mavx512f',
  '-mavx512bw',
  '-mavx512vl',
  '-mavx512dq',
  '-mfma',
  '-mprfchw',
  '-mprefer-vector-width=512',
];
const PORTABLE = { name: 'portable', lanes: 4, flags: [] };
const INSTRUCTION_SETS = {
  arm64: [PORTABLE],
  x64: [
    PORTABLE,
    { name: 'avx2', lanes: 8, flags: ['-mavx2', '-mfma', '-mprfchw'] },
    { name: 'avx512', lanes: 16, flags: AVX512_FLAGS },
  ],
};

function say(line) {
  process.stdout.write(`native engine: ${line}\n`);
}

function findCompiler(wanted) {
  for (const name of wanted ? [wanted] : ['g++', 'clang++', 'c++']) {
    const version = spawnSync(name, ['--version'], { encoding: 'utf8' });
    if (version.status === 0) return { name, version: version.stdout };
  }
  return null;
}

/** Headers of the Node-API, from the package of that name. */
function nodeApiFlags() {
  const { include_dir: directory } = createRequire(import.meta.url)('node-api-headers');
  return [`-I${directory}`, '-DNAPI_VERSION=8'];
}

function filesIn(folder, extension) {
  return readdirSync(join(HERE, folder))
    .filter((name) => name.endsWith(extension))
    .sort()
    .map((name) => join(HERE, folder, name));
}

/** Every object file to make: its source and flags. Kernels are compiled once per instruction set. */
function plannedObjects({ folders, flags }) {
  const kernels = INSTRUCTION_SETS[process.arch].flatMap(({ name, lanes, flags: machineFlags }) =>
    filesIn('src/kernels', '.cpp').map((source) => ({
      source,
      flags: [...flags, ...KERNEL_FLAGS, ...machineFlags, `-DSINGAN_ISA=${name}`, `-DSINGAN_LANES=${lanes}`],
    })),
  );
  const others = folders.flatMap((folder) => filesIn(folder, '.cpp')).map((source) => ({ source, flags }));
  // The slow ones first.
  return [...kernels.reverse(), ...others];
}

function hashOf(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex').slice(0, 16);
}

/** Every header a source may include: those of the folders below its own. */
function headersOf(source) {
  const folders = ['src/kernels', 'src/platform', 'src/ops', 'src/addon', 'test'];
  const own = folders.findIndex((folder) => dirname(source).endsWith(folder));
  return folders.slice(0, Math.max(own + 1, 2)).flatMap((folder) => filesIn(folder, '.h'));
}

/** Object files are named after all they are made of, so that what exists is right. */
function withTargets(objects, compiler, folder) {
  return objects.map(({ source, flags }) => {
    const contents = [...headersOf(source), source].map((file) => readFileSync(file));
    const hash = hashOf(...contents, compiler.name, compiler.version, ...flags);
    return { source, flags, target: join(folder, `${basename(source, '.cpp')}-${hash}.o`) };
  });
}

async function compileAll(compiler, objects) {
  const waiting = objects.filter(({ target }) => !existsSync(target));
  const work = async () => {
    for (let object = waiting.shift(); object !== undefined; object = waiting.shift()) {
      const { source, flags, target } = object;
      const partial = `${target}.${process.pid}`;
      const { stderr } = await run(compiler.name, [...flags, '-c', source, '-o', partial]);
      if (stderr !== '') process.stderr.write(stderr);
      renameSync(partial, target);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
}

/** Compiles and links what is not there yet; true when there was something to do. */
async function build(compiler, { output, folders, flags, linkFlags }) {
  const folder = join(BUILD, 'objects', output);
  mkdirSync(folder, { recursive: true });
  const objects = withTargets(plannedObjects({ folders, flags }), compiler, folder);
  const stamp = join(BUILD, `${output}.stamp`);
  const hash = hashOf(...objects.map(({ target }) => target), ...linkFlags);
  if (existsSync(join(BUILD, output)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return false;
  await compileAll(compiler, objects);
  const partial = join(BUILD, `${output}.${process.pid}`);
  await run(compiler.name, [...linkFlags, ...objects.map(({ target }) => target), '-pthread', '-o', partial]);
  renameSync(partial, join(BUILD, output));
  writeFileSync(stamp, hash);
  removeOthers(folder, new Set(objects.map(({ target }) => basename(target))));
  return true;
}

/** Objects of earlier sources are of no more use. */
function removeOthers(folder, kept) {
  for (const name of readdirSync(folder))
    if (name.endsWith('.o') && !kept.has(name)) rmSync(join(folder, name), { force: true });
}

function targetOf({ tests, sanitize }) {
  const isSanitized = tests && sanitize;
  const flags = [...COMMON_FLAGS, ...(isSanitized ? SANITIZE_FLAGS : FAST_FLAGS)];
  if (tests) {
    return {
      output: isSanitized ? 'tests-sanitized' : 'tests',
      folders: ['src/ops', 'src/platform', 'test'],
      flags,
      linkFlags: isSanitized ? ['-fsanitize=address,undefined'] : [],
    };
  }
  return {
    output: 'singan-native.node',
    folders: ['src/addon', 'src/ops', 'src/platform'],
    flags: [...flags, '-fvisibility=hidden', ...nodeApiFlags()],
    linkFlags: process.platform === 'darwin' ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared'],
  };
}

async function main() {
  const { values } = parseArgs({
    options: { tests: { type: 'boolean' }, sanitize: { type: 'boolean' }, compiler: { type: 'string' } },
  });
  if (!['linux', 'darwin'].includes(process.platform) || !(process.arch in INSTRUCTION_SETS)) {
    return say(`not built: ${process.platform} on ${process.arch} is not supported`);
  }
  const compiler = findCompiler(values.compiler);
  if (compiler === null) return say('not built: no C++ compiler found (g++, clang++ or c++)');
  try {
    const target = targetOf({ tests: values.tests === true, sanitize: values.sanitize === true });
    const start = performance.now();
    const isBuilt = await build(compiler, target);
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    say(isBuilt ? `built ${target.output} with ${compiler.name} in ${seconds} s` : `${target.output} is up to date`);
  } catch (error) {
    process.stderr.write(`${error.stderr || error.message}\n`);
    say(`not built: ${compiler.name} failed, see above`);
    // An installation goes on without: the service runs on another engine then.
    if (values.tests) process.exitCode = 1;
  }
}

await main();
