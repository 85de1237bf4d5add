/** Prints a figure that a test measured and does not judge, because machines differ. */
export function measured(what: string, milliseconds: number): void {
  process.stderr.write(`measured: ${what}: ${Math.round(milliseconds)} ms\n`);
}

/** Says why a test is skipped; the reporter only counts. */
export function explainSkip(reason: string): void {
  process.stderr.write(`skipped: ${reason}\n`);
}
