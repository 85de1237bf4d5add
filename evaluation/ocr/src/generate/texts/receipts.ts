import type { ReceiptText } from '../documents/papers.ts';

/** Shops that do not exist. */
export const receipts: Readonly<Record<string, ReceiptText>> = {
  bakery: {
    head: ['CORNER BAKERY', '12 Mill Street', '08.05.2024 07:41'],
    items: [
      ['2 x Rye roll', '1.80'],
      ['1 x Wheat bread 750 g', '3.95'],
      ['1 x Plum cake', '2.60'],
      ['1 x Coffee', '2.40'],
    ],
    totals: [
      ['TOTAL EUR', '10.75'],
      ['Cash', '20.00'],
      ['Change', '9.25'],
    ],
    foot: ['Thank you for your visit'],
  },
  hardware: {
    head: ['TOOLS AND TIMBER', 'Ring Road 88', 'Receipt no. 004512'],
    items: [
      ['Hammer 500 g', '14.99'],
      ['Wood screws 4x40', '5.49'],
      ['Sandpaper set', '3.29'],
      ['Paint brush 50 mm', '4.19'],
      ['Masking tape', '2.89'],
    ],
    totals: [
      ['Amount due', '30.85'],
      ['VAT 19% included', '4.93'],
    ],
    foot: ['Card payment approved', 'Returns within 14 days'],
  },
  grocer: {
    head: ['GREEN GROCER', 'Tel. 555 0142', '21/11/2023 18:06 Till 3'],
    items: [
      ['Tomatoes 0.84 kg', '2.51'],
      ['Potatoes 2.5 kg', '3.19'],
      ['Butter 250 g', '2.29'],
      ['Eggs, 10 pieces', '2.99'],
      ['Olive oil 0.5 l', '6.79'],
      ['Paper bag', '0.15'],
    ],
    totals: [
      ['TOTAL', '17.92'],
      ['Card', '17.92'],
    ],
    foot: ['Have a nice day'],
  },
  cafe: {
    head: ['Harbour Cafe', 'Table 9', 'Served by Mira'],
    items: [
      ['Tomato soup', '5.40'],
      ['Fish of the day', '14.80'],
      ['Green salad', '4.20'],
      ['Mineral water', '3.10'],
    ],
    totals: [
      ['Total', '27.50'],
      ['Service included', '2.50'],
    ],
    foot: ['We hope to see you again', 'www.harbour-cafe.example'],
  },
  parking: {
    head: ['CITY PARKING', 'Garage East, Level 2'],
    items: [
      ['Entry 09:12', '14 Feb'],
      ['Exit 13:47', '14 Feb'],
      ['5 hours at 1.60', '8.00'],
    ],
    totals: [
      ['Paid', '8.00'],
      ['Ticket', '771-0935'],
    ],
    foot: ['Please leave within 15 minutes'],
  },
  books: {
    head: ['PAPER MOON BOOKS', '5 Church Square', '03-07-2024 12:30'],
    items: [
      ['The Long Harbour', '18.00'],
      ['Atlas of Rivers', '34.50'],
      ['Notebook A5', '6.90'],
      ['Gift wrapping', '0.00'],
    ],
    totals: [
      ['Sum', '59.40'],
      ['Discount 10%', '-5.94'],
      ['To pay', '53.46'],
    ],
    foot: ['Keep this receipt for exchange'],
  },
};
