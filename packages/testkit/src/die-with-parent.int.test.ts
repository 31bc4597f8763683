import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { eventually } from './signals.ts';

/** A process that starts a server and then stays until it is killed; tells us the port. */
async function startOwner(starter: string): Promise<{ port: number; crash: () => Promise<void> }> {
  const script = `
    import { ${starter} } from '${import.meta.dirname}/index.ts';
    const server = await ${starter}();
    console.log(server.port);
    setInterval(() => undefined, 60_000);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const [port] = await once(lines, 'line');
  const crash = async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { port: Number(port), crash };
}

/** Connects, or fails; `closed` resolves when the other side is gone. */
function open(port: number): Promise<{ closed: Promise<void> }> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const closed = new Promise<void>((done) => void socket.once('close', () => done()));
    socket.once('connect', () => resolve({ closed }));
    socket.on('error', reject);
  });
}

test.each(['startRedis', 'startPostgres'])(
  'a server of %s ends when the process that started it is killed',
  async (starter) => {
    const owner = await startOwner(starter);
    const { closed } = await open(owner.port);
    await owner.crash();
    await expect(closed).resolves.toBeUndefined();
    await eventually(
      () =>
        open(owner.port).then(
          () => false,
          (error) => error.code === 'ECONNREFUSED',
        ),
      { timeoutMs: 20_000, what: 'the port to be closed' },
    );
  },
);
