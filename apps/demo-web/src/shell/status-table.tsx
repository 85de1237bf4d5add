import { useConnection } from '../connection/connection.tsx';
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
              <th scope="col">Batch</th>
              <th scope="col">Devices not used</th>
            </tr>
          </thead>
          <tbody>
            {models.map((model) => {
              const { kind, name, device, maxBatch, devicesRefused } = model;
              const health = healthOf(state, kind, name);
              return (
                <tr key={`${kind} ${name}`}>
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
                  <td className={styles.refused}>
                    {devicesRefused.length === 0
                      ? '–'
                      : devicesRefused.map(({ device, reason }) => `${device}: ${reason}`).join('; ')}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      {gpu?.available === false && <p className={styles.note}>GPU: {gpu.reason}</p>}
      {gpu?.available === true && (
        <ul className={styles.note}>
          {gpu.gpus.map(({ index, name, temperatureCelsius, powerWatts }) => (
            <li key={index}>
              GPU {index}: {name}
              {temperatureCelsius !== null && `, ${temperatureCelsius} °C`}
              {powerWatts !== null && `, ${powerWatts.toFixed(0)} W`}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
