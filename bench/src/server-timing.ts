/** Milliseconds by phase in a `server-timing` header: `decode;dur=1.2, inference;dur=3.4`. */
export function serverTiming(header: string): Readonly<Record<string, number>> {
  const phases = [...header.matchAll(/(\w+);dur=([\d.]+)/g)];
  return Object.fromEntries(phases.map(([, phase = '', milliseconds]) => [phase, Number(milliseconds)]));
}
