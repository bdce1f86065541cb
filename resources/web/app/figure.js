// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import { svg } from './dom.js';
import { hueOf, initialsOf } from './look.js';

/** The peg person of a user: always the same colour and initials. 64 x 88, feet at the bottom centre. */
export function makeFigure({ userId, displayName }) {
    return svg('svg', { class: 'peg', viewBox: '0 0 64 88', style: '--hue:' + hueOf(userId), 'aria-hidden': 'true' },
               svg('path', { class: 'arm', d: 'M51 60 q9 -6 8 -18' }),
               svg('path', { class: 'body', d: 'M9 80 C9 52 16 42 32 42 S55 52 55 80 Q55 87 32 87 T9 80Z' }),
               svg('path', { class: 'shine', d: 'M14 78 C14 58 19 47 30 45 C22 50 19 60 19 82Z' }),
               svg('text', { class: 'initials', x: 32, y: 74, 'text-anchor': 'middle', text: initialsOf(displayName) }),
               svg('circle', { class: 'head', cx: 32, cy: 25, r: 20 }),
               svg('g', { class: 'face' },
                   svg('circle', { class: 'eye', cx: 25.5, cy: 25, r: 2.6 }),
                   svg('circle', { class: 'eye', cx: 38.5, cy: 25, r: 2.6 }),
                   svg('ellipse', { class: 'cheek', cx: 21, cy: 30.5, rx: 3.4, ry: 2 }),
                   svg('ellipse', { class: 'cheek', cx: 43, cy: 30.5, rx: 3.4, ry: 2 }),
                   svg('path', { class: 'mouth', d: 'M29 31.500 q3 2.600 6 0' })));
}

/** The round mark of a user beside their name. */
export function makeMark({ userId, displayName }) {
    return svg('svg', { class: 'mark', viewBox: '0 0 32 32', style: '--hue:' + hueOf(userId), 'aria-hidden': 'true' },
               svg('circle', { cx: 16, cy: 16, r: 16 }),
               svg('text', { x: 16, y: 20.8, 'text-anchor': 'middle', text: initialsOf(displayName) }));
}

/** A potted plant, for corners. */
export function makePlant() {
    return svg('svg', { class: 'plant', viewBox: '0 0 60 84', 'aria-hidden': 'true' },
               svg('path', { class: 'leaf dark', d: 'M30 58 C10 50 4 34 8 20 C22 26 30 40 30 58Z' }),
               svg('path', { class: 'leaf', d: 'M30 58 C50 50 56 36 52 22 C38 28 30 42 30 58Z' }),
               svg('path', { class: 'leaf light', d: 'M30 58 C20 38 22 18 31 6 C40 18 40 40 30 58Z' }),
               svg('path', { class: 'pot', d: 'M16 56 H44 L40 80 Q30 84 20 80Z' }),
               svg('path', { class: 'rim', d: 'M14 53 H46 V60 H14Z' }));
}
