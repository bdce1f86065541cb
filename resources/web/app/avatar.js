// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import { Interpolator } from '../rollcall.js';
import { element, icon, setData, setText } from './dom.js';
import { makeFigure } from './figure.js';

const kBubbleMs = 5000;
const kBubbleCharacters = 90;
const kEmotes = ['heart', 'star', 'thumb'];

/** One person on the floor. */
export class Avatar {
    #figure;
    #name = element('span', { class: 'avatar-name' });
    #bubble = element('div', { class: 'bubble' });
    #bubbleTimer = null;
    #interpolator = new Interpolator();

    constructor(member, isSelf) {
        this.isSelf = isSelf;
        this.#figure = element('div', { class: 'figure' }, makeFigure(member));
        this.node = element('div', { class: 'avatar', 'data-self': isSelf, 'data-user': member.userId, 'data-entering': true },
                            element('div', { class: 'shadow' }), this.#figure, this.#name, this.#bubble);
        setTimeout(() => this.node.removeAttribute('data-entering'), 400);
        this.update(member);
        this.moved(member, performance.now());
    }

    update({ displayName, state }) {
        setText(this.#name, displayName + (this.isSelf ? ' (you)' : ''));
        setData(this.node, 'state', state ?? 'active');
    }

    moved({ x = 0, y = 0, z = 0, rotY = 0, anim = 'idle', speaking = false }, nowMs) {
        this.#interpolator.push({ x, y, z, rotY, anim, speaking }, nowMs);
    }

    /** Where to be drawn. Our own avatar is where we just put it, the others a moment behind. */
    positionAt(nowMs) {
        return this.isSelf ? this.#interpolator.latest : this.#interpolator.sample(nowMs);
    }

    draw({ left, top }, { rotY, anim, speaking }, bubbleShift) {
        const { style } = this.node;
        style.transform = 'translate(' + left.toFixed(1) + 'px,' + top.toFixed(1) + 'px)';
        style.zIndex = String(Math.round(top) + 10);
        setData(this.node, 'anim', anim);
        setData(this.node, 'speaking', String(speaking));
        const face = Math.cos(rotY) < -0.35 ? 'away' : 'here';
        setData(this.node, 'face', face);
        style.setProperty('--shift', bubbleShift.toFixed(0) + 'px');
        style.setProperty('--look', (Math.sin(rotY) * 7).toFixed(1) + 'px');
    }

    says(text) {
        const characters = [...text];
        const isLong = characters.length > kBubbleCharacters;
        setText(this.#bubble, isLong ? characters.slice(0, kBubbleCharacters).join('') + '\u2026' : text);
        this.node.setAttribute('data-says', '');
        clearTimeout(this.#bubbleTimer);
        this.#bubbleTimer = setTimeout(() => this.node.removeAttribute('data-says'), kBubbleMs);
    }

    emotes(emoteId) {
        const mark = element('div', { class: 'emote', 'data-emote': emoteId }, icon(kEmotes.includes(emoteId) ? emoteId : 'star'));
        this.node.append(mark);
        setTimeout(() => mark.remove(), 1800);
    }

    remove() {
        clearTimeout(this.#bubbleTimer);
        this.node.remove();
    }
}
