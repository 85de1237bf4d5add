import type { ModelToAdd } from '../model-to-add.ts';

export function instructions(_model: ModelToAdd): string {
  return '# CLAUDE.md\n';
}
