import { socketLoop, type SocketLoad } from './socket-loop.ts';

// A process of its own puts load on a server, so that whoever measures does not compete with it.
process.once('disconnect', () => process.exit(0));
process.on('message', (load: SocketLoad) => {
  void socketLoop(load).then((result) => process.send?.(result));
});
