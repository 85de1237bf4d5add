import { type Model, useConnection, versionOf } from '../connection/connection.tsx';
import { healthOf } from '../connection/readiness.ts';
import styles from './status-table.module.css';

/** Every model with its state, replicas and device, and why no better device is used; and the GPUs. */
export default function StatusTable() {
  const { state } = useConnection();
  const { models, gpu, ready, error } = state;
  return (
    <div className={styles.status}>
      {error !== undefined && <p className={styles.problem}>{error.message}</p>}
      {ready?.status === 'not ready' && models.length === 0 && <p>{ready.detail}</p>}
      {models.length > 0 && (
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Model</th>
              <th scope="col">State</th>
              <th scope="col">Device</th>
              <th scope="col">Max batch</th>
            </tr>
          </thead>
          <tbody>
            {models.map((model) => {
              const { kind, name, device, maxBatch } = model;
              const health = healthOf(state, kind, name, versionOf(model));
              return (
                <tr key={`${kind} ${name} ${versionOf(model)}`}>
                  <th scope="row">
                    {name} <small>{model.kind === 'task' ? model.variant : `version ${model.version}`}</small>
                  </th>
                  <td>
                    {health.detail}
                    {health.progress !== undefined && (
                      <progress className={styles.progress} value={health.progress} aria-label={`${name} download`} />
                    )}
                  </td>
                  <td>{device ?? '–'}</td>
                  <td>{maxBatch ?? '–'}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      {models.map((model) => {
        const { problem } = healthOf(state, model.kind, model.name, versionOf(model));
        return (
          problem !== undefined && (
            <p key={`${model.kind} ${model.name} ${versionOf(model)}`} className={styles.problem}>
              {model.name}: {problem}
            </p>
          )
        );
      })}
      {refusals(models).map(([reason, names]) => (
        <p key={reason} className={styles.note}>
          {reason} ({names.length === models.length ? 'all models' : names.join(', ')})
        </p>
      ))}
      {gpu?.available === false && <p className={styles.note}>GPU: {gpu.reason}</p>}
      {gpu?.available === true && (
        <ul className={styles.note}>
          {gpu.gpus.map(({ index, name, utilizationPercent, temperatureCelsius, powerWatts, ...memory }) => (
            <li key={index}>
              GPU {index}: {name}
              {utilizationPercent !== null && `, ${utilizationPercent} % busy`}
              {memory.memoryUsedBytes !== null &&
                memory.memoryTotalBytes !== null &&
                `, ${gibibytes(memory.memoryUsedBytes)} of ${gibibytes(memory.memoryTotalBytes)} GiB`}
              {temperatureCelsius !== null && `, ${temperatureCelsius} °C`}
              {powerWatts !== null && `, ${powerWatts.toFixed(0)} W`}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

const gibibytes = (bytes: number): string => (bytes / 2 ** 30).toFixed(1);

/** Why devices are not used, each reason once, with the models that it is for. */
function refusals(models: readonly Model[]): [reason: string, names: string[]][] {
  const reasons = new Map<string, string[]>();
  for (const { name, devicesRefused } of models) {
    for (const { device, reason } of devicesRefused) {
      const text = `No ${device}: ${reason}`;
      reasons.set(text, [...(reasons.get(text) ?? []), name]);
    }
  }
  return [...reasons];
}
