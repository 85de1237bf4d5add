import { loadModels, requireModels } from '../project.ts';

// Whether the list of models can be imported: a process of its own, because a module is imported once. Its standard error says why not.

try {
  await loadModels(requireModels(process.argv[2]));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
