import { subscribe } from 'node:diagnostics_channel';
import { fileURLToPath } from 'node:url';
import type { CreatedServer } from '../../create-server.ts';
import { catchStopSignals } from '../../signals.ts';
import { CommandError } from '../command.ts';
import { findProject } from '../project.ts';
import { serveProject } from '../serve.ts';
import type { GatewayMessage, ReloadMessage } from './messages.ts';

// The server that `portico dev` starts: the service as it is, whose engines reload on request.

catchStopSignals();
const [, , folder] = process.argv;
const reloads = new Map<string, () => Promise<string | undefined>>();

subscribe('portico.server', (message) => {
  const { registry, models } = message as CreatedServer;
  for (const [name, { dispatcher }] of models) reloads.set(name, () => dispatcher.reload());
  const paths = [...models.keys()].map((name) => ({ name, path: fileURLToPath(registry.get(name)?.module ?? '') }));
  send({ type: 'models', models: paths });
});

process.on('message', (message) => {
  const { type, model } = message as ReloadMessage;
  if (type === 'reload') void reload(model);
});
// The process that watches is gone.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));

try {
  const project = findProject(folder);
  if (project === undefined) throw new CommandError(`There is no service in ${folder}.`);
  await serveProject(project);
} catch (error) {
  process.stderr.write(
    `${error instanceof CommandError ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
  );
  process.exit(1);
}

async function reload(model: string): Promise<void> {
  const startedAt = performance.now();
  const detail = await reloads.get(model)?.();
  const milliseconds = performance.now() - startedAt;
  send({ type: 'reloaded', model, milliseconds, ...(detail === undefined ? {} : { detail }) });
}

function send(message: GatewayMessage): void {
  process.send?.(message);
}
