import type { DialogText } from '../documents/windows.ts';

/** Programs that do not exist. */
export const dialogs: Readonly<Record<string, DialogText>> = {
  display: {
    title: 'Display settings',
    rows: [
      { heading: 'Screen' },
      { label: 'Resolution', value: '1920 x 1080' },
      { label: 'Refresh rate', value: '60 Hz' },
      { label: 'Scale', value: '125%' },
      { check: 'Adjust brightness automatically', ticked: true },
      { check: 'Warmer colours after sunset', ticked: false },
    ],
    buttons: ['Reset', 'Cancel', 'Apply'],
  },
  network: {
    title: 'Network connection',
    rows: [
      { label: 'Address', value: '192.168.20.14' },
      { label: 'Subnet mask', value: '255.255.255.0' },
      { label: 'Gateway', value: '192.168.20.1' },
      { label: 'Name server', value: '10.0.0.53' },
      { check: 'Connect when the computer starts', ticked: true },
      { remark: 'Connected for 3 hours 12 minutes' },
    ],
    buttons: ['Disconnect', 'Close'],
  },
  backup: {
    title: 'Backup',
    rows: [
      { heading: 'Schedule' },
      { label: 'Every', value: 'Wednesday' },
      { label: 'Time', value: '02:30' },
      { label: 'Keep copies for', value: '90 days' },
      { check: 'Include pictures and videos', ticked: true },
      { check: 'Pause while on battery', ticked: true },
      { check: 'Verify each copy', ticked: false },
      { remark: 'Last backup: 4 June, 18.7 GB' },
    ],
    buttons: ['Help', 'Save'],
  },
  account: {
    title: 'Edit account',
    rows: [
      { label: 'First name', value: 'Martha' },
      { label: 'Last name', value: 'Lindgren' },
      { label: 'E-mail', value: 'martha@mail.example' },
      { label: 'Language', value: 'English' },
      { label: 'Time zone', value: 'UTC+01:00' },
      { check: 'Send me a summary every month', ticked: false },
    ],
    buttons: ['Delete', 'Cancel', 'Save'],
  },
};

export const sourceCode = [
  'function average(values) {',
  '  let sum = 0;',
  '  for (const value of values) {',
  '    sum += value;',
  '  }',
  '  return sum / values.length;',
  '}',
  'console.log(average([3, 5, 10]));',
];

/** Who writes, and what; taking turns. */
export const messages = [
  'Are you coming to the lake on Sunday?',
  'Yes, but only after lunch.',
  'Good. I will bring the small boat.',
  'Then I take care of food and drinks.',
  'Meet me at 14:30 by the old pier.',
];
