// The panels of the dashboard: what each shows and says.

/** The series of the chosen servers, and of the chosen models among them. */
const server = 'job=~"$job",instance=~"$instance"';
const model = `${server},model=~"$model"`;
const perSecond = (metric, labels = model) => `rate(${metric}{${labels}}[$__rate_interval])`;
const quantile = (share, metric, by) =>
  `histogram_quantile(${share}, sum by (${['le', ...by].join(', ')}) (${perSecond(`${metric}_bucket`, by.includes('model') ? model : server)}))`;
const mean = (metric, by) =>
  `sum by (${by}) (${perSecond(`${metric}_sum`)}) / sum by (${by}) (${perSecond(`${metric}_count`)})`;

/** Rows of panels: a title, what it says, the unit, what it says without any series, and expressions with the names of their series. */
export const rows = [
  {
    title: 'Requests',
    panels: [
      {
        title: 'Requests by outcome',
        says: 'How requests end, of the chosen models together. Everything but ok is an error code.',
        unit: 'reqps',
        stacked: true,
        series: [[`sum by (outcome) (${perSecond('portico_requests_total')})`, '{{outcome}}']],
      },
      {
        title: 'Failures of the server',
        says: 'Requests that end with INTERNAL, ENGINE_CRASHED, OUT_OF_MEMORY or TIMEOUT. PorticoErrors fires above 5 %.',
        none: 'No request has failed',
        unit: 'percentunit',
        series: [
          [
            `sum by (model) (${perSecond('portico_requests_total', `${model},outcome=~"INTERNAL|ENGINE_CRASHED|OUT_OF_MEMORY|TIMEOUT"`)}) / sum by (model) (${perSecond('portico_requests_total')})`,
            '{{model}}',
          ],
        ],
      },
      {
        title: 'Time to the response',
        says: 'From the arrival of a request to its response, its upload and its wait included.',
        unit: 's',
        series: [
          [quantile(0.5, 'portico_request_duration_seconds', ['model']), '{{model}} median'],
          [quantile(0.99, 'portico_request_duration_seconds', ['model']), '{{model}} p99'],
        ],
      },
    ],
  },
  {
    title: 'Capacity',
    panels: [
      {
        title: 'Load of an engine',
        says: 'Engines that run plus requests that wait, by engines that are ready. Above 1, requests wait; autoscaling holds it there.',
        unit: 'short',
        series: [
          [
            `(sum by (model) (${perSecond('portico_run_phase_seconds_sum')}) + sum by (model) (${perSecond('portico_queue_seconds_sum')})) / sum by (model) (portico_replicas{${model},state="ready"})`,
            '{{model}}',
          ],
        ],
      },
      {
        title: 'Time in the queue, p95',
        says: 'How long requests wait before a run begins.',
        unit: 's',
        series: [[quantile(0.95, 'portico_queue_seconds', ['model']), '{{model}}']],
      },
      {
        title: 'Pending and running',
        says: 'Requests in the queue, and in engines, at the moment of the scrape.',
        unit: 'short',
        series: [
          [`sum by (model) (portico_queue_depth{${model}})`, '{{model}} pending'],
          [`sum by (model) (portico_in_flight{${model}})`, '{{model}} running'],
        ],
      },
      {
        title: 'Replicas',
        says: 'Engines that are ready, and that are wanted.',
        unit: 'short',
        series: [
          [`sum by (model) (portico_replicas{${model},state="ready"})`, '{{model}} ready'],
          [`sum by (model) (portico_replicas{${model},state="target"})`, '{{model}} wanted'],
        ],
      },
      {
        title: 'Refused before a run',
        says: 'Requests that were rejected, by reason: the queue or the memory for uploads was full, the deadline too near, a share or a rate used up.',
        none: 'Nothing was refused',
        unit: 'reqps',
        series: [[`sum by (reason) (${perSecond('portico_rejected_total')})`, '{{reason}}']],
      },
      {
        title: 'Clients',
        says: 'Clients that have a request pending or running, or have had more than their share.',
        unit: 'short',
        series: [[`sum by (model) (portico_clients{${model}})`, '{{model}}']],
      },
    ],
  },
  {
    title: 'Engines',
    panels: [
      {
        title: 'Time of a run by phase',
        says: 'The mean of each phase of a run.',
        unit: 's',
        stacked: true,
        series: [[mean('portico_run_phase_seconds', 'model, phase'), '{{model}} {{phase}}']],
      },
      {
        title: 'Inputs in a run',
        says: 'The mean size of a batch.',
        unit: 'short',
        series: [[mean('portico_batch_size', 'model'), '{{model}}']],
      },
      {
        title: 'Memory of engines',
        says: 'What all engines of a model hold together.',
        unit: 'bytes',
        series: [[`sum by (model) (portico_engine_resident_bytes{${model}})`, '{{model}}']],
      },
      {
        title: 'Engines replaced',
        says: 'By reason; memory-soft is routine. PorticoReplicasRestart fires at more than 3 others in 15 minutes.',
        none: 'No engine was replaced',
        unit: 'short',
        series: [
          [
            `sum by (model, reason) (increase(portico_replica_restarts_total{${model}}[$__rate_interval]))`,
            '{{model}} {{reason}}',
          ],
        ],
      },
      {
        title: 'Requests whose client left',
        says: 'By where they were.',
        none: 'No client has left',
        unit: 'reqps',
        series: [[`sum by (stage) (${perSecond('portico_cancelled_total')})`, '{{stage}}']],
      },
      {
        title: 'Weights downloaded',
        says: 'Bytes per second while they arrive.',
        none: 'Nothing was downloaded',
        unit: 'Bps',
        series: [
          [
            `sum by (model) (${perSecond('portico_weights_download_bytes_total')}) / sum by (model) (${perSecond('portico_weights_download_seconds_total')})`,
            '{{model}}',
          ],
        ],
      },
    ],
  },
  {
    title: 'Gateway',
    panels: [
      {
        title: 'Event loop, busy',
        says: 'The share of one core that each gateway uses. Near 1, it is what limits the server: add servers, not engines.',
        unit: 'percentunit',
        series: [
          [`sum by (instance) (${perSecond('portico_event_loop_active_seconds_total', server)})`, '{{instance}}'],
        ],
      },
      {
        title: 'Event loop, lag p99',
        says: 'How late timers are.',
        unit: 's',
        series: [[quantile(0.99, 'portico_event_loop_lag_seconds', ['instance']), '{{instance}}']],
      },
      {
        title: 'Memory of gateways',
        says: 'The process as a whole, and what uploads and unread responses hold of it.',
        unit: 'bytes',
        series: [
          [`sum by (instance) (process_resident_memory_bytes{${server}})`, '{{instance}}'],
          [`sum by (instance) (portico_upload_bytes{${server}})`, '{{instance}} uploads'],
          [`sum by (instance) (portico_unread_bytes{${server}})`, '{{instance}} unread'],
        ],
      },
      {
        title: 'Models that are not ready',
        says: 'PorticoModelNotReady fires after 10 minutes.',
        none: 'All are ready',
        unit: 'short',
        series: [[`count by (model) (portico_model_ready{${model}} == 0)`, '{{model}}']],
      },
      {
        title: 'Devices',
        says: 'Engines by the device that they run on.',
        unit: 'short',
        series: [
          [
            `sum by (model, device) (portico_model_info{${model}} * on (job, instance, model) group_left () portico_replicas{${model},state="ready"})`,
            '{{model}} {{device}}',
          ],
        ],
      },
      {
        title: 'Versions',
        says: 'Servers by the version that they run.',
        unit: 'short',
        series: [[`count by (version) (portico_build_info{${server}})`, '{{version}}']],
      },
    ],
  },
  {
    title: 'GPUs',
    panels: [
      {
        title: 'Busy',
        says: 'The share of the time in which the GPU ran something, of any process.',
        none: 'No GPU',
        unit: 'percentunit',
        series: [[`max by (instance, gpu) (portico_gpu_utilization_ratio{${server}})`, '{{instance}} GPU {{gpu}}']],
      },
      {
        title: 'Memory',
        says: 'In use by any process, and all that there is.',
        none: 'No GPU',
        unit: 'bytes',
        series: [
          [`max by (instance, gpu) (portico_gpu_memory_used_bytes{${server}})`, '{{instance}} GPU {{gpu}}'],
          [`max by (instance, gpu) (portico_gpu_memory_total_bytes{${server}})`, '{{instance}} GPU {{gpu}} in all'],
        ],
      },
      {
        title: 'Temperature and power',
        says: 'The log warns above 80 °C.',
        none: 'No GPU',
        unit: 'short',
        series: [
          [`max by (instance, gpu) (portico_gpu_temperature_celsius{${server}})`, '{{instance}} GPU {{gpu}} °C'],
          [`max by (instance, gpu) (portico_gpu_power_watts{${server}})`, '{{instance}} GPU {{gpu}} W'],
        ],
      },
    ],
  },
];
