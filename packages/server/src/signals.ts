// Nothing is imported here, so that a main module can have its signals handled before it loads anything else.

/** What asks a server to stop: Kubernetes and systemd, Ctrl-C, a terminal that is closed. */
const stopSignals: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGHUP'];

let caught = false;
let stop: (signal: NodeJS.Signals) => void = () => process.exit(0);

/**
 * From now on a stop signal ends the process with exit code 0, at once until a server has started. `start` calls it first; a
 * service that loads for long before that can call it earlier, because a process without a handler is ended by the signal,
 * and as pid 1 of a container does not even notice it.
 */
export function catchStopSignals(): void {
  if (caught) return;
  caught = true;
  for (const signal of stopSignals) process.on(signal, onSignal);
}

/** From now on a stop signal ends the process at once, whatever it computes: a handler would wait for that. */
export function releaseStopSignals(): void {
  caught = false;
  for (const signal of stopSignals) process.off(signal, onSignal);
}

const onSignal = (received: NodeJS.Signals): void => stop(received);

/** Says what the next stop signal does. The handlers stay what they are, so that no signal falls between two of them. */
export function onStopSignal(action: (signal: NodeJS.Signals) => void): void {
  stop = action;
}
