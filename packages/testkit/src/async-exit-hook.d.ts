/** The part of async-exit-hook (no types of its own) that postgres.ts uses. */
declare module 'async-exit-hook' {
  const exitHook: { hookedEvents(): string[]; unhookEvent(event: string): void };
  // biome-ignore lint/style/noDefaultExport: it is what that package exports
  export default exitHook;
}
