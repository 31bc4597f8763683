import {
  ACKNOWLEDGED_EVENTS,
  type ChildMessage,
  type EngineSettings,
  type HostMessage,
  type ModelFiles,
  type Task,
  type TaskEvent,
} from '../protocol.ts';

/** What a task needs of its host. */
export interface TaskHost {
  /** Resolves when the host has stored the event, for those that carry bytes; at once for the others. */
  tell(event: TaskEvent): Promise<void>;
  /** Asks for the files of the task's model. */
  fetchModel(): Promise<ModelFiles>;
  isStopRequested(): boolean;
}

export interface HostCommands {
  startEngine(settings: EngineSettings): Promise<void>;
  runTask(task: Task): Promise<void>;
}

/** The child's end of the line to its host. */
export class HostChannel implements TaskHost {
  readonly #process: NodeJS.Process;
  readonly #onAck: (() => void)[] = [];
  #onModel: ((files: ModelFiles) => void) | null = null;
  #stopRequested = false;

  constructor(childProcess: NodeJS.Process) {
    this.#process = childProcess;
  }

  listen(commands: HostCommands): void {
    this.#process.on('message', (message: HostMessage) => {
      switch (message.type) {
        case 'start-engine':
          void commands.startEngine(message.settings);
          return;
        case 'task':
          this.#stopRequested = false;
          void commands.runTask(message.task);
          return;
        case 'model':
          this.#onModel?.(message.files);
          return;
        case 'ack':
          this.#onAck.shift()?.();
          return;
        case 'stop':
          this.#stopRequested = true;
      }
    });
  }

  send(message: ChildMessage): void {
    this.#process.send?.(message);
  }

  tell(event: TaskEvent): Promise<void> {
    if (!ACKNOWLEDGED_EVENTS.has(event.type)) {
      this.send({ type: 'event', event });
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      this.#onAck.push(resolve);
      this.send({ type: 'event', event });
    });
  }

  fetchModel(): Promise<ModelFiles> {
    return new Promise((resolve) => {
      this.#onModel = resolve;
      this.send({ type: 'event', event: { type: 'need-model' } });
    });
  }

  isStopRequested(): boolean {
    return this.#stopRequested;
  }
}
