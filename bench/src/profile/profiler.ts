import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';

/** Profiles for so long, writes the profile to this path, and sends a message when it is there. */
export interface ProfileCommand {
  readonly seconds: number;
  readonly path: string;
}

/** Fine enough for functions of some microseconds in a profile of some seconds. */
const intervalUs = 200;

// Loaded before the server's own code with --import, so that any build of the server can be profiled.
process.on('message', ({ seconds, path }: ProfileCommand) => {
  void (async () => {
    const session = new Session();
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: intervalUs });
    await session.post('Profiler.start');
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
    const { profile } = await session.post('Profiler.stop');
    session.disconnect();
    writeFileSync(path, JSON.stringify(profile));
    process.send?.({ written: path });
  })();
});
// The channel does not keep the server from ending.
process.channel?.unref();
