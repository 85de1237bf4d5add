import { Socket } from 'node:net';
import { FrameDecoder } from '../wire/frame-decoder.ts';
import type { Command } from '../wire/messages.ts';
import { beNice } from './be-nice.ts';
import { EngineHost } from './engine-host.ts';
import { Reporter } from './reporter.ts';
import { watchGateway } from './watchdog.ts';

// The process hosts one model. It is only ever ended by SIGKILL, because a native run sees no other signal.
beNice();
watchGateway(Number(process.env['PORTICO_GATEWAY_PID']));

/** The wire is the first descriptor after stdin, stdout and stderr. */
const wire = new Socket({ fd: 3, readable: true, writable: true });
const host = new EngineHost(new Reporter(wire));
const decoder = new FrameDecoder();

wire.on('data', (chunk) => {
  for (const frame of decoder.push(chunk)) host.obey(frame.head as Command, frame.body);
});
// The gateway is gone.
wire.on('end', () => process.exit(0));
wire.on('error', () => process.exit(0));
