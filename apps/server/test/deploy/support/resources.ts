import type { V1Container } from '@kubernetes/client-node';

/** Factors of Kubernetes' quantities. */
const factors: Readonly<Record<string, number>> = {
  '': 1,
  m: 0.001,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  Ti: 1024 ** 4,
};

/** `2`, `500m` or `2Gi` as a number; undefined if it is no quantity. */
function quantity(text: string): number | undefined {
  const [, digits, suffix = ''] = /^(\d+(?:\.\d+)?)([a-zA-Z]*)$/.exec(text) ?? [];
  const factor = factors[suffix];
  return digits === undefined || factor === undefined ? undefined : Number(digits) * factor;
}

/** What a container may use, and what is wrong with how it says so. */
export function resourceFindings({ resources }: V1Container): {
  readonly cores?: number | undefined;
  readonly memoryBytes?: number | undefined;
  readonly findings: string[];
} {
  const { requests = {}, limits = {} } = resources ?? {};
  const findings: string[] = [];
  for (const [name, text] of [...Object.entries(requests), ...Object.entries(limits)]) {
    if (quantity(text) === undefined) findings.push(`${name}: ${text} is no quantity`);
  }
  for (const [name, text] of Object.entries(requests)) {
    const limit = quantity(limits[name] ?? '');
    if (limit !== undefined && (quantity(text) ?? 0) > limit) findings.push(`more ${name} is requested than the limit`);
  }
  // Engines use memory up to the limit. What is above the request is taken back by killing the pod.
  if (requests['memory'] !== limits['memory']) findings.push('the memory requested is not the limit');
  for (const name of ['cpu', 'memory']) {
    if (requests[name] === undefined) findings.push(`no ${name} is requested`);
    if (limits[name] === undefined) findings.push(`there is no limit of ${name}`);
  }
  return { cores: quantity(limits['cpu'] ?? ''), memoryBytes: quantity(limits['memory'] ?? ''), findings };
}
