/** A few words each, as on signs, doors and posters. */
export const notices = {
  pool: ['Swimming pool', 'Open daily 7:00 - 21:00', 'Last entry 20:15'],
  exit: ['EMERGENCY EXIT', 'Keep this door clear'],
  market: ['FARMERS MARKET', 'Every Saturday, 8 to 13', 'Cheese, honey, fresh bread', 'Church Square'],
  platform: ['Platform 7', 'Regional trains', 'to Northfield and Ashton'],
  paint: ['WET PAINT', 'Please do not touch'],
  concert: ['Summer Concert', 'Works for violin and piano', 'Friday, 21 June, 19:30', 'Admission free'],
  parking: ['VISITOR PARKING', 'Maximum 2 hours', 'Tickets at the machine'],
  trail: ['Forest Trail', 'Lake view 1.4 km', 'Old mill 3.2 km', 'Summit 6.8 km'],
  lift: ['LIFT OUT OF ORDER', 'Please use the stairs', 'Repair: Thursday 9:00'],
  cafe: ['Soup of the day 4.80', 'Cheese sandwich 5.20', 'Apple cake 3.60', 'Coffee, tea 2.90'],
  numbers: [
    'Order 58 203 417',
    'Phone +44 20 5550 0199',
    'Due 30/09/2024, 16:05',
    'Weight 1,074.6 kg',
    'Invoice A-7731/92',
  ],
} as const satisfies Record<string, readonly string[]>;
