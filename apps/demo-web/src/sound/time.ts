/** A position in a recording as a clock shows it: `0:07`, `12:34`, `1:02:03`; with `digits`, tenths or less too. */
export function clockText(seconds: number, digits = 0): string {
  const factor = 10 ** digits;
  const units = Math.floor(seconds * factor + 1e-6);
  const whole = Math.floor(units / factor);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const rest = String(whole % 60).padStart(2, '0');
  const fraction = digits === 0 ? '' : `.${String(units % factor).padStart(digits, '0')}`;
  return `${hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}` : minutes}:${rest}${fraction}`;
}
