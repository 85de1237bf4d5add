import { type ConnectOpts, Socket, type SocketConstructorOpts } from 'node:net';
import { Worker } from 'node:worker_threads';
import { FrameDecoder } from '../wire/frame.ts';
import { readMessage } from '../wire/heads.ts';
import { type Command, lifelineDescriptor, wireDescriptor } from '../wire/messages.ts';
import { lowerPriority } from './lower-priority.ts';
import { EngineHost, Reporter } from './engine-host.ts';

// The process hosts one model. It is only ever ended by SIGKILL, because a native run sees no other signal.
lowerPriority(Number(process.env['ENGINE_NICE']));
watchGateway();

const decoder = new FrameDecoder((kind, head, body) => host.handle(readMessage(kind, head, body).head as Command));
/** For everything but long bodies, which are read to where they stay. */
const scratch = Buffer.allocUnsafeSlow(64 * 1024);

const wireOptions: SocketConstructorOpts & Pick<ConnectOpts, 'onread'> = {
  fd: wireDescriptor,
  readable: true,
  writable: true,
  onread: {
    buffer: () => decoder.pendingBody ?? scratch,
    callback: (length, buffer) => {
      decoder.push(Buffer.from(buffer.buffer, buffer.byteOffset, length));
      return true;
    },
  },
};
const wire = new Socket(wireOptions);
const host = new EngineHost(new Reporter(wire));

// The gateway is gone.
wire.on('close', () => process.exit(0));
wire.on('error', () => process.exit(0));
wire.resume();

/**
 * Ends this process when the gateway has ended, also in the middle of a native run, which is why a thread does it. The
 * thread waits for the end of the lifeline, and takes no CPU time until then.
 */
function watchGateway(): void {
  const source = `
    const { Socket } = require('node:net');
    const end = () => process.kill(process.pid, 'SIGKILL');
    new Socket({ fd: ${lifelineDescriptor}, readable: true, writable: false }).on('close', end).on('error', end).resume();
  `;
  const worker = new Worker(source, {
    eval: true,
    resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 2 },
  });
  worker.unref();
}
