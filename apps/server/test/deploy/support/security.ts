import type { V1PodSpec } from '@kubernetes/client-node';

/** What the Pod Security Standard `restricted` of Kubernetes would refuse, and writable root file systems. */
export function securityFindings({ securityContext: pod, containers, ...spec }: V1PodSpec): string[] {
  const found: string[] = [];
  for (const { name, securityContext: own } of containers) {
    if ((own?.runAsNonRoot ?? pod?.runAsNonRoot) !== true) found.push(`${name} may run as root`);
    if ((own?.runAsUser ?? pod?.runAsUser) === 0) found.push(`${name} runs as root`);
    if ((own?.seccompProfile ?? pod?.seccompProfile)?.type !== 'RuntimeDefault')
      found.push(`${name} has no seccomp profile`);
    if (own?.allowPrivilegeEscalation !== false) found.push(`${name} may gain privileges`);
    if (own?.capabilities?.drop?.includes('ALL') !== true) found.push(`${name} keeps capabilities`);
    if (own?.capabilities?.add !== undefined) found.push(`${name} adds capabilities`);
    if (own?.readOnlyRootFilesystem !== true) found.push(`${name} may write to its image`);
    if (own?.privileged === true) found.push(`${name} is privileged`);
  }
  if (spec.hostNetwork === true || spec.hostPID === true || spec.hostIPC === true) found.push('the host is shared');
  if (spec.volumes?.some(({ hostPath }) => hostPath !== undefined)) found.push('a folder of the host is mounted');
  return found;
}
