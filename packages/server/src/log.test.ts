import { expect, it, vi } from 'vitest';
import { LogDestination, type Output } from './log.ts';

/** A disk with room for so many bytes, which takes at most ten at once. */
class Disk implements Output {
  room = Infinity;
  text = '';
  closed = false;

  write(chunk: Buffer, done: (error: NodeJS.ErrnoException | null, written: number) => void): void {
    const written = Math.min(chunk.length, this.room, 10);
    this.room -= written;
    this.text += chunk.subarray(0, written).toString();
    const error = written === 0 ? Object.assign(new Error('no space'), { code: 'ENOSPC' }) : null;
    setImmediate(() => done(error, written));
  }

  writeNow(chunk: Buffer): void {
    if (this.room < chunk.length) throw new Error('no space');
    this.text += chunk.toString();
  }
}

function logTo(disk: Disk) {
  const losses: number[] = [];
  const destination = new LogDestination(
    disk,
    (line) => line,
    (lost) => losses.push(lost),
  );
  return { destination, losses };
}

it('lines are written whole and in order, however little is taken at once', async () => {
  const disk = new Disk();
  const { destination } = logTo(disk);
  const lines = Array.from({ length: 50 }, (_, index) => `line ${index}\n`);
  for (const line of lines) destination.write(line);
  await destination.flush();
  expect(disk.text).toBe(lines.join(''));
});

it('what fits into the buffer is written when there is room again, and the rest is counted', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const disk = new Disk();
    disk.room = 3;
    const { destination, losses } = logTo(disk);
    const line = `${'x'.repeat(1024 * 256 - 1)}\n`;
    for (let count = 0; count < 7; count++) destination.write(line);
    await vi.waitUntil(() => disk.room === 0);
    await destination.flush();
    expect(losses).toEqual([]);
    disk.write = (chunk, done) => {
      disk.text += chunk.toString();
      setImmediate(() => done(null, chunk.length));
    };
    await vi.advanceTimersByTimeAsync(1_000);
    await destination.flush();
    expect(disk.text).toBe(line.repeat(4));
    expect(losses).toEqual([3]);
  } finally {
    vi.useRealTimers();
  }
});

it('nobody waits for a disk that stays full, not even at the exit', async () => {
  const disk = new Disk();
  disk.room = 0;
  const { destination } = logTo(disk);
  destination.write('lost\n');
  await destination.flush();
  destination.flushSync();
  expect(disk.text).toBe('');
});

it('at the exit what is left is written at once', () => {
  const disk = new Disk();
  const { destination } = logTo(disk);
  destination.write('last\n');
  destination.flushSync();
  expect(disk.text).toBe('last\n');
});
