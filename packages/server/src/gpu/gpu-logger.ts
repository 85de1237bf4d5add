/** Where the GPU monitor writes; a pino logger is one. */
export interface GpuLogger {
  info(text: string): void;
  warn(text: string): void;
  error(text: string): void;
}
