import { afterEach, expect } from 'vitest';
import { startChecking, takeMistakes } from './answers.ts';

/** Tests of doors hold every answer that they get against the OpenAPI document of the server that gave it. */
const doors = /[/\\]test[/\\](doors|v2|platforms)[/\\]/;

if (doors.test(expect.getState().testPath ?? '')) {
  startChecking();
  afterEach(() => {
    const mistakes = takeMistakes();
    if (mistakes.length > 0) throw new Error(`/openapi.json does not describe these answers:\n${mistakes.join('\n')}`);
  });
}
