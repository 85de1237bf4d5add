import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** Passes on what a process prints, line by line. */
export function forwardLines(stream: Readable, forward: (line: string) => void): void {
  createInterface({ input: stream, crlfDelay: Infinity }).on('line', (line) => {
    if (line.trim() !== '') forward(line);
  });
}
