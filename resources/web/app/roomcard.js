// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import { element, setData, setText, svg } from './dom.js';
import { hueOf, makeRandom, themeHue } from './look.js';
import { capitalised, regionWords } from './words.js';

const kMostPegs = 14;

/** One room of the list. Updated in place, so that focus and reading position stay. */
export class RoomCard {
    #name = element('h3');
    #meta = element('p', { class: 'meta' });
    #pegs = svg('g');
    #fill = element('span', { class: 'bar-fill' });
    #count = element('span', { class: 'count' });
    #badge = element('span', { class: 'badge' });
    #button;
    #places;
    #shownPegs = -1;

    constructor(room, onJoin) {
        this.id = room.id;
        this.#places = makePlaces(room.id);
        this.#button = element('button', { type: 'button', class: 'secondary', onclick: () => onJoin(this.id) });
        this.node = element('li', { class: 'card', 'data-room': room.id },
                            element('div', { class: 'scene', 'aria-hidden': 'true' }, makeScene(this.#pegs)),
                            this.#badge,
                            element('div', { class: 'card-body' },
                                    element('div', { class: 'card-title' }, this.#name, this.#meta),
                                    element('div', { class: 'capacity' },
                                            element('span', { class: 'bar', 'aria-hidden': 'true' }, this.#fill), this.#count),
                                    this.#button));
        this.node.style.setProperty('--theme', String(themeHue(room.theme, room.id)));
    }

    update(room, isHottest) {
        const count = room.estimatedOccupancy;
        const isFull = Boolean(room.full);
        setText(this.#name, room.name || room.id);
        setText(this.#meta, [capitalised(room.theme), regionWords(room.region)].filter(Boolean).join(' \u00b7 '));
        setText(this.#count, count + (room.capacity > 0 ? ' of ' + room.capacity : '') + ' here');
        this.node.dataset.count = String(count);
        this.#fill.style.inlineSize = room.capacity > 0 ? Math.min(100, (100 * count) / room.capacity) + '%' : count > 0 ? '30%' : '0';
        setData(this.node, 'state', isFull ? 'full' : isHottest ? 'hottest' : 'open');
        setText(this.#badge, isFull ? 'Full' : isHottest ? 'Busiest' : room.isPrivate ? 'Private' : '');
        setText(this.#button, isFull ? 'Full' : 'Join');
        this.#button.disabled = isFull;
        this.#button.setAttribute('aria-label', (isFull ? 'Full: ' : 'Join ') + (room.name || room.id));
        this.#drawPegs(Math.min(count, kMostPegs));
    }

    #drawPegs(count) {
        if (count === this.#shownPegs) {
            return;
        }
        this.#shownPegs = count;
        const places = this.#places.slice(0, count).sort((a, b) => a.y - b.y);
        this.#pegs.replaceChildren(...places.map(makePeg));
    }
}

/** Where the little people stand: always the same for a room, and not on top of each other. */
function makePlaces(seed) {
    const random = makeRandom(seed);
    const places = [];
    for (let tries = 0; places.length < kMostPegs && tries < 400; tries += 1) {
        const place = { x: 46 + random() * 228, y: 44 + random() * 46, hue: hueOf(seed + tries) };
        if (places.every((other) => Math.hypot(other.x - place.x, (other.y - place.y) * 1.6) > 20)) {
            places.push(place);
        }
    }
    return places;
}

function makePeg({ x, y, hue }) {
    return svg('g', { class: 'small-peg', style: '--hue:' + hue, transform: 'translate(' + x.toFixed(1) + ' ' + y.toFixed(1) + ')' },
               svg('ellipse', { class: 'peg-shadow', cx: 0, cy: 1, rx: 9, ry: 3.2 }),
               svg('path', { class: 'body', d: 'M-8 0 C-8 -13 -5 -17 0 -17 S8 -13 8 0 Q8 2 0 2 T-8 0Z' }),
               svg('circle', { class: 'head', cx: 0, cy: -21, r: 6.6 }));
}

function makeScene(pegs) {
    const lines = [];
    for (let x = 55; x < 290; x += 30) {
        lines.push('M' + x + ' 22V100');
    }
    for (let y = 42; y < 100; y += 20) {
        lines.push('M25 ' + y + 'H295');
    }
    return svg('svg', { viewBox: '0 0 320 124', preserveAspectRatio: 'xMidYMid slice' },
               svg('rect', { class: 'scene-edge', x: 25, y: 32, width: 270, height: 78, rx: 14 }),
               svg('rect', { class: 'scene-floor', x: 25, y: 22, width: 270, height: 80, rx: 14 }),
               svg('path', { class: 'scene-lines', d: lines.join('') }),
               svg('ellipse', { class: 'scene-rug', cx: 160, cy: 62, rx: 64, ry: 22 }),
               pegs);
}
