import { type ConnectOpts, Socket, type SocketConstructorOpts } from 'node:net';
import { FrameDecoder } from '../wire/frame.ts';
import type { Command } from '../wire/messages.ts';
import { beNice } from './be-nice.ts';
import { EngineHost } from './engine-host.ts';
import { Reporter } from './reporter.ts';
import { watchGateway } from './watchdog.ts';

// The process hosts one model. It is only ever ended by SIGKILL, because a native run sees no other signal.
beNice();
watchGateway(Number(process.env['PORTICO_GATEWAY_PID']));

const decoder = new FrameDecoder();
/** For everything but long bodies, which are read to where they stay. */
const scratch = Buffer.allocUnsafeSlow(64 * 1024);

/** The wire is the first descriptor after stdin, stdout and stderr. */
const wireOptions: SocketConstructorOpts & Pick<ConnectOpts, 'onread'> = {
  fd: 3,
  readable: true,
  writable: true,
  onread: {
    buffer: () => decoder.pendingBody ?? scratch,
    callback: (length, buffer) => {
      for (const frame of decoder.push(buffer.subarray(0, length))) host.obey(frame.head as Command, frame.body);
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
