/** What the gateway itself sets for an engine, even where `ENGINE_ENV` names it. */
const ownNames = new Set(['ENGINE_NICE', 'ORT_DISABLE_TELEMETRY']);

/**
 * What an engine may know of the gateway's environment, in upper case. An engine decodes what clients send, so it has no
 * secret that it does not need: the gateway's keys and those of whatever else runs here are not among them.
 */
const allowedNames = new Set(
  [
    // The system: programs, folders, language and time.
    'PATH HOME USER LOGNAME SHELL LANG LANGUAGE TZ TZDIR TMPDIR TMP TEMP XDG_CACHE_HOME XDG_RUNTIME_DIR',
    // What Windows programs do not start without.
    'SYSTEMROOT SYSTEMDRIVE WINDIR COMSPEC PATHEXT USERPROFILE APPDATA LOCALAPPDATA PROGRAMDATA PROGRAMFILES',
    'NUMBER_OF_PROCESSORS PROCESSOR_ARCHITECTURE',
    // Where native libraries are and how memory is allocated.
    'LD_LIBRARY_PATH LD_PRELOAD DYLD_LIBRARY_PATH GLIBC_TUNABLES',
    // Node. Not `NODE_*`: `NODE_AUTH_TOKEN` is the key to a registry of packages.
    'NODE_OPTIONS NODE_ENV NODE_PATH NODE_NO_WARNINGS NODE_V8_COVERAGE UV_THREADPOOL_SIZE',
    // Downloads of weights: proxies, and whose certificates are trusted.
    'HTTP_PROXY HTTPS_PROXY NO_PROXY ALL_PROXY NODE_EXTRA_CA_CERTS NODE_USE_SYSTEM_CA NODE_TLS_REJECT_UNAUTHORIZED',
    'SSL_CERT_FILE SSL_CERT_DIR',
  ].flatMap((line) => line.split(' ')),
);

/** Settings of native libraries: GPUs, ONNX Runtime, threads, memory, pictures. */
const allowedPrefixes = 'LC_ CUDA_ CUDNN_ NVIDIA_ VK_ ORT_ OMP_ GOMP_ KMP_ MKL_ OPENBLAS_ MALLOC_ VIPS_'.split(' ');

export interface EngineEnvironmentOptions {
  /** Further names, for models that read some of their own. */
  readonly names: readonly string[];
  readonly niceness: number;
}

/** The environment of an engine process, out of the gateway's `own`. */
export function engineEnvironment(
  own: NodeJS.ProcessEnv,
  { names, niceness }: EngineEnvironmentOptions,
): NodeJS.ProcessEnv {
  const inherited = Object.entries(own).filter(([name]) => names.includes(name) || isAllowed(name.toUpperCase()));
  return {
    ...Object.fromEntries(inherited.filter(([name]) => !ownNames.has(name))),
    ENGINE_NICE: String(niceness),
    // ONNX Runtime 1.29 and later report to Microsoft unless this is set before the library loads.
    ORT_DISABLE_TELEMETRY: '1',
  };
}

const isAllowed = (name: string): boolean =>
  allowedNames.has(name) || allowedPrefixes.some((prefix) => name.startsWith(prefix));
