import { isSet, readFlags, readInteger, readText } from './arguments.ts';

export const START_HELP = `npm start [-- options]

Starts the whole service on this machine: an embedded Postgres, a redis-server, a folder for pictures and models,
the API with its page, and a worker. Ctrl-C stops everything; the data stay.

  --port N     port of the API and its page, 0 for any free one (default 8080)
  --data DIR   where everything is kept (default .data)
  --help       this text

Other settings are environment variables, see .env.example: ENGINE, LOG_LEVEL, CHECKPOINT_INTERVAL_MS, ...
`;

export type StartArguments =
  | { readonly kind: 'help' }
  | { readonly kind: 'start'; readonly port: number | null; readonly data: string };

const DEFAULT_PORT = 8080;

export function parseStartArguments(args: readonly string[]): StartArguments {
  const flags = readFlags(args, {
    port: { type: 'string' },
    data: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  });
  if (isSet(flags, 'help')) return { kind: 'help' };
  const port = readInteger(flags, 'port', { min: 0, max: 65_535 }) ?? DEFAULT_PORT;
  return { kind: 'start', port: port === 0 ? null : port, data: readText(flags, 'data') ?? '.data' };
}
