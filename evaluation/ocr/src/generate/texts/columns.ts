import type { ColumnsText } from '../documents/papers.ts';

/** Narrow columns of own text. */
export const columnTexts: Readonly<Record<string, ColumnsText>> = {
  lighthouse: {
    title: 'The lighthouse is back',
    columns: [
      [
        'After two years of work the',
        'lighthouse at the northern',
        'point is open again. The',
        'lamp turns as it did before,',
        'and the stairs have a new',
        'handrail made of oak.',
      ],
      [
        'Visitors may climb the',
        'tower from April to October.',
        'A small exhibition shows how',
        'the keepers lived. Groups of',
        'more than ten people should',
        'write a week ahead.',
      ],
    ],
  },
  paper: {
    title: 'How paper is made',
    columns: [
      [
        'Wood is cut into chips',
        'and boiled until the',
        'fibres come apart. The',
        'pulp is washed, thinned',
        'with water and spread',
      ],
      [
        'over a moving screen.',
        'Most of the water runs',
        'off within a second.',
        'Rollers press the sheet',
        'and heat dries it. One',
      ],
      [
        'machine makes a strip',
        'nine metres wide at the',
        'speed of a car. At the',
        'end it is wound up and',
        'cut to size.',
      ],
    ],
  },
  chess: {
    columns: [
      [
        'The opening decides where the',
        'pieces will stand. Move each',
        'of them once, bring the king',
        'into safety and keep an eye on',
        'the centre of the board. There',
        'is no need to hurry.',
      ],
      [
        'In the endgame the king turns',
        'into a strong piece. Pawns run',
        'for the last row, and a single',
        'move may win or lose the game.',
        'Count twice before you trade',
        'the last rook.',
      ],
    ],
  },
  tea: {
    title: 'Tea in four steps',
    columns: [
      [
        'Warm the pot with hot',
        'water. Take one spoon',
        'of leaves for each cup',
        'and one for the pot.',
        'Use fresh water only.',
      ],
      [
        'Green tea wants water',
        'of 75 degrees, black',
        'tea should be boiling.',
        'Wait three minutes and',
        'pour it in one go.',
      ],
    ],
  },
  rivers: {
    title: 'Rivers and towns',
    columns: [
      [
        'Most old towns lie on a river.',
        'It brought water and fish, and',
        'it carried timber, grain and',
        'stone. Where a ford or an island',
        'made crossing easy, a market',
        'grew and later a bridge.',
        'The river also set limits.',
      ],
      [
        'Floods took houses and mills,',
        'and ice closed the harbour for',
        'weeks. Walls were built, then',
        'canals. Today the banks are',
        'parks again, and people swim',
        'where barges used to unload.',
      ],
    ],
  },
  directory: {
    title: 'Members A to H',
    columns: [
      ['Adams, Peter 0142', 'Baker, Ruth 0377', 'Berger, Anna 0291', 'Chen, Li 0118', 'Diaz, Marco 0460'],
      ['Evans, Gwen 0203', 'Fischer, Jan 0584', 'Grant, Oliver 0339', 'Haas, Maria 0125', 'Hughes, Tom 0416'],
      ['Office 0100', 'Workshop 0150', 'Garage 0160', 'Canteen 0170', 'Reception 0110'],
    ],
  },
};
