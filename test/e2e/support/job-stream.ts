import { createParser } from 'eventsource-parser';

export interface StreamedEvent {
  readonly id: string | undefined;
  readonly type: string;
  readonly data: Record<string, unknown>;
}

/** Follows a job's server-sent events until the stream ends, as it does after `done`. */
export async function followJob(url: string, lastEventId?: string): Promise<StreamedEvent[]> {
  const events: StreamedEvent[] = [];
  const parser = createParser({
    onEvent: ({ id, event, data }) => events.push({ id, type: event ?? 'message', data: JSON.parse(data) }),
  });
  const response = await fetch(url, { headers: lastEventId === undefined ? {} : { 'last-event-id': lastEventId } });
  if (!response.ok || response.body === null) throw new Error(`${url} answered ${response.status}`);
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) parser.feed(chunk);
  return events;
}
