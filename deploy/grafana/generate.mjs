// Writes dashboard.json, which Grafana imports: node deploy/grafana/generate.mjs
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rows } from './panels.mjs';

/** Columns of Grafana's grid, and the height of a panel in its rows. */
const columns = 24;
const panelHeight = 8;

export function dashboard() {
  const panels = [];
  let y = 0;
  for (const row of rows) {
    panels.push({
      id: panels.length + 1,
      type: 'row',
      title: row.title,
      gridPos: { x: 0, y, w: columns, h: 1 },
      panels: [],
    });
    y += 1;
    const width = columns / 3;
    for (const [index, panel] of row.panels.entries()) {
      const place = { x: (index % 3) * width, y: y + Math.floor(index / 3) * panelHeight, w: width, h: panelHeight };
      panels.push(graph(panel, panels.length + 1, place));
    }
    y += Math.ceil(row.panels.length / 3) * panelHeight;
  }
  return {
    uid: 'portico',
    title: 'Portico',
    tags: ['portico'],
    schemaVersion: 39,
    version: 1,
    editable: true,
    graphTooltip: 1,
    refresh: '30s',
    time: { from: 'now-1h', to: 'now' },
    templating: {
      list: [
        { name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus' },
        variable('job', 'Job', 'label_values(portico_build_info, job)'),
        variable('instance', 'Server', 'label_values(portico_build_info{job=~"$job"}, instance)'),
        variable('model', 'Model', 'label_values(portico_replicas{job=~"$job"}, model)'),
      ],
    },
    annotations: { list: [] },
    panels,
  };
}

const datasource = { type: 'prometheus', uid: '${datasource}' };

const variable = (name, label, query) => ({
  name,
  label,
  type: 'query',
  datasource,
  query: { query, refId: name },
  refresh: 2,
  includeAll: true,
  multi: true,
  allValue: '.*',
  current: { text: 'All', value: '$__all' },
  sort: 1,
});

const graph = ({ title, says, none, unit, stacked = false, series }, id, gridPos) => ({
  id,
  type: 'timeseries',
  title,
  description: says,
  datasource,
  gridPos,
  fieldConfig: {
    defaults: {
      unit,
      min: 0,
      noValue: none,
      custom: { lineWidth: 1, fillOpacity: 10, showPoints: 'never', stacking: { mode: stacked ? 'normal' : 'none' } },
    },
    overrides: [],
  },
  options: {
    legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
    tooltip: { mode: 'multi', sort: 'desc' },
  },
  targets: series.map(([expr, legendFormat], index) => ({
    refId: String.fromCharCode(65 + index),
    datasource,
    expr,
    legendFormat,
  })),
});

if (process.argv[1] === import.meta.filename) {
  writeFileSync(join(import.meta.dirname, 'dashboard.json'), `${JSON.stringify(dashboard(), null, 2)}\n`);
}
