/** The part of cli-progress that is used here; the package brings no types. */
declare module 'cli-progress' {
  export interface Bar {
    update(value: number, payload?: Record<string, string>): void;
  }
  export interface BarOptions {
    readonly format: string;
    readonly stream: NodeJS.WritableStream;
    readonly hideCursor: boolean;
    readonly clearOnComplete: boolean;
    readonly autopadding: boolean;
    readonly barsize: number;
  }
  export class MultiBar {
    constructor(options: BarOptions, preset: object);
    create(total: number, value: number, payload: Record<string, string>): Bar;
    log(text: string): void;
    stop(): void;
  }
  export const Presets: { readonly shades_classic: object };
}
