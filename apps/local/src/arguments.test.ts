import { expect, test } from 'vitest';
import { parseDemoArguments } from './demo-arguments.ts';
import { parseStartArguments } from './start-arguments.ts';

test('start without arguments takes port 8080 and .data', () => {
  expect(parseStartArguments([])).toEqual({ kind: 'start', port: 8080, data: '.data' });
});

test('start takes a port and a directory; port 0 means any free one', () => {
  expect(parseStartArguments(['--port', '9000', '--data', '/x'])).toEqual({ kind: 'start', port: 9000, data: '/x' });
  expect(parseStartArguments(['--port=0'])).toMatchObject({ port: null });
});

test.each([
  [['--port', '70000'], '--port: expected a whole number from 0 to 65535, got "70000". Try --help.'],
  [['--port', '80.5'], 'got "80.5"'],
  [['--prot', '80'], "'--prot'"],
  [['8080'], "'8080'"],
])('start refuses %j and says why', (args, message) => {
  expect(() => parseStartArguments(args)).toThrow(message);
});

test('--help wins', () => {
  expect(parseStartArguments(['--help', '--port', '1'])).toEqual({ kind: 'help' });
  expect(parseDemoArguments(['-h'])).toEqual({ kind: 'help' });
});

test('demo without arguments trains the bundled picture by the quick preset', () => {
  expect(parseDemoArguments([])).toEqual({
    kind: 'demo',
    task: 'sample',
    image: null,
    input: null,
    mask: null,
    request: {},
    preset: 'quick',
    config: {},
    out: null,
    engine: null,
    seed: null,
    isJson: false,
  });
});

test('demo takes everything that its help names', () => {
  const args = ['--image', 'a.png', '--preset', 'paper', '--out', 'o', '--json', '--engine', 'cpu', '--seed', '7'];
  const task = ['--task', 'edit', '--input', 'b.png', '--mask', 'm.png', '--request', '{"startScale":"all"}'];
  expect(parseDemoArguments([...args, ...task, '--config', '{"iterations":5}'])).toEqual({
    kind: 'demo',
    task: 'edit',
    image: 'a.png',
    input: 'b.png',
    mask: 'm.png',
    request: { startScale: 'all' },
    preset: 'paper',
    config: { iterations: 5 },
    out: 'o',
    engine: 'cpu',
    seed: 7,
    isJson: true,
  });
});

test.each([
  [['--preset', 'slow'], '--preset: expected quick or fast or paper, got "slow". Try --help.'],
  [['--task', 'draw'], '--task: expected sample or paint or harmonize'],
  [['--request', '[]'], '--request'],
  [['--engine', 'abacus'], '--engine: expected auto or '],
  [['--seed', '-1'], '--seed'],
  [['--seed', '4294967296'], 'expected a whole number from 0 to 4294967295'],
  [['--config', '{'], '--config: expected JSON'],
  [['--config', '{"iteration":5}'], 'iteration'],
])('demo refuses %j and says why', (args, message) => {
  expect(() => parseDemoArguments(args)).toThrow(message);
});
