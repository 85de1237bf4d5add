/** Names under which secrets reach the gateway that no engine has any use for. */
const gatewayOnly = new Set(['API_KEYS']);

/** The environment of an engine process. */
export function engineEnvironment(own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const inherited = Object.fromEntries(Object.entries(own).filter(([name]) => !gatewayOnly.has(name)));
  return {
    ...inherited,
    // ONNX Runtime 1.29 and later report to Microsoft unless this stands before the library loads.
    ORT_DISABLE_TELEMETRY: '1',
    PORTICO_GATEWAY_PID: String(process.pid),
  };
}
