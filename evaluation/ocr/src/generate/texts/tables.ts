import type { TableOptions } from '../documents/papers.ts';

/** Own figures throughout. */
export const tables: Readonly<Record<string, TableOptions>> = {
  rainfall: {
    title: 'Rainfall in mm',
    columns: [170, 110, 110, 110, 110],
    rules: 'grid',
    rows: [
      ['Station', 'Jan', 'Apr', 'Jul', 'Oct'],
      ['Ashton', '64', '48', '91', '77'],
      ['Northfield', '58', '51', '103', '69'],
      ['Millbrook', '72', '60', '88', '94'],
      ['Westport', '110', '85', '67', '131'],
    ],
  },
  prices: {
    title: 'Price list, spring 2024',
    columns: [260, 120, 140],
    rules: 'lines',
    rows: [
      ['Article', 'Unit', 'Price'],
      ['Copper wire 1.5 mm', '100 m', '38.90'],
      ['Wall socket, white', 'piece', '4.75'],
      ['Cable duct 20 x 30', '2 m', '6.20'],
      ['Junction box', 'piece', '2.15'],
      ['Screw anchors', '50 pcs', '3.40'],
    ],
  },
  trains: {
    title: 'Departures',
    columns: [230, 120, 120, 140],
    rules: 'stripes',
    rows: [
      ['Destination', 'Time', 'Track', 'Train'],
      ['Northfield', '08:14', '3', 'RB 4711'],
      ['Harbour City', '08:22', '1', 'IC 208'],
      ['Old Mill', '08:35', '7', 'S 12'],
      ['Westport', '08:49', '2', 'RE 3360'],
      ['Ashton', '09:05', '4', 'IC 316'],
    ],
  },
  results: {
    title: 'Results, 400 m freestyle',
    columns: [110, 230, 130, 130],
    rules: 'none',
    rows: [
      ['Place', 'Name', 'Lane', 'Time'],
      ['1', 'Hanna Lindt', '4', '4:12.38'],
      ['2', 'Mara Okafor', '5', '4:13.02'],
      ['3', 'Julia Brandt', '3', '4:15.77'],
      ['4', 'Sofia Rossi', '6', '4:18.40'],
    ],
  },
  stock: {
    title: 'Stock by warehouse',
    columns: [200, 130, 130, 130],
    rules: 'grid',
    rows: [
      ['Item number', 'North', 'South', 'Total'],
      ['A-1042', '1,250', '980', '2,230'],
      ['A-1077', '340', '415', '755'],
      ['B-2003', '12', '0', '12'],
      ['C-5518', '7,604', '3,196', '10,800'],
    ],
  },
  budget: {
    title: 'Budget and actual costs',
    columns: [240, 150, 150, 130],
    rules: 'stripes',
    rows: [
      ['Department', 'Budget', 'Actual', 'Change'],
      ['Administration', '42,000', '39,850', '-5.1%'],
      ['Laboratory', '118,500', '121,330', '+2.4%'],
      ['Workshop', '76,200', '74,010', '-2.9%'],
      ['Transport', '23,400', '25,900', '+10.7%'],
    ],
  },
};
