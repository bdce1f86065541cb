// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import { setData, setText } from './dom.js';
import { RoomCard } from './roomcard.js';
import { errorWords, seconds } from './words.js';

const kPollMs = 300; // unchanged lists are answered with 304
const kPollAfterErrorMs = 2000;
const kWordsMs = 5000;

/** The room list with live counts, and the ways into a room. */
export class Lobby {
    #client;
    #nodes;
    #onJoin;
    #cards = new Map();
    #timer = null;
    #isShown = false;
    #fetchedMs = 0;
    #state = { kind: 'loading' };

    /**
     * @param {{list: HTMLElement, total: HTMLElement, freshness: HTMLElement, announcement: HTMLElement}} nodes
     * @param {(roomId?: string) => void} onJoin
     */
    constructor(client, nodes, onJoin) {
        this.#client = client;
        this.#nodes = nodes;
        this.#onJoin = onJoin;
        document.addEventListener('visibilitychange', () => this.#isShown && this.#poll());
    }

    show() {
        this.#isShown = true;
        this.#poll();
    }

    hide() {
        this.#isShown = false;
        clearTimeout(this.#timer);
    }

    async #poll() {
        clearTimeout(this.#timer);
        if (document.visibilityState === 'hidden') {
            return;
        }
        let next = kPollMs;
        try {
            const list = await this.#client.listRooms();
            this.#fetchedMs = Date.now();
            if (!list.unchanged || this.#cards.size === 0) {
                this.#draw(list.rooms);
            }
            this.#state = list.stale ? { kind: 'stale', asOfMs: list.asOfMs, ageMs: list.ageMs } : { kind: 'live' };
        } catch (error) {
            this.#state = { kind: 'error', error };
            next = Math.max(kPollAfterErrorMs, error.retryAfterMs ?? 0);
        }
        this.#sayFreshness();
        if (this.#isShown) {
            clearTimeout(this.#timer);
            this.#timer = setTimeout(() => this.#poll(), next);
        }
    }

    #draw(rooms) {
        const { list, total } = this.#nodes;
        const known = new Set(rooms.map((room) => room.id));
        for (const [id, card] of this.#cards) {
            if (!known.has(id)) {
                card.node.remove();
                this.#cards.delete(id);
            }
        }
        const hottest = rooms.filter((room) => !room.full && !room.isPrivate && room.estimatedOccupancy > 0)
            .reduce((best, room) => (room.estimatedOccupancy > (best?.estimatedOccupancy ?? 0) ? room : best), null);
        for (const room of rooms) {
            let card = this.#cards.get(room.id);
            if (!card) {
                card = new RoomCard(room, (id) => this.#onJoin(id));
                this.#cards.set(room.id, card);
                list.append(card.node);
            }
            card.update(room, room.id === hottest?.id);
        }
        const people = rooms.reduce((sum, room) => sum + room.estimatedOccupancy, 0);
        setText(total, people + (people === 1 ? ' person' : ' people') + ' in '
            + rooms.length + (rooms.length === 1 ? ' room' : ' rooms'));
        list.toggleAttribute('data-empty', rooms.length === 0);
    }

    /** The age ticks in view; read aloud is only that something changed. */
    #sayFreshness() {
        const { freshness, announcement } = this.#nodes;
        const { kind, error, asOfMs, ageMs } = this.#state;
        const ageWords = (ms) => seconds(Math.max(1, Math.round(ms / kWordsMs)) * kWordsMs) + ' old';
        setData(freshness, 'state', kind);
        if (kind === 'live') {
            setText(freshness, 'Live');
            setText(announcement, '');
        } else if (kind === 'stale') {
            setText(freshness, 'Stale: counts may be ' + ageWords(ageMs || Date.now() - asOfMs));
            setText(announcement, 'The host says that the counts may be out of date.');
        } else if (kind === 'error') {
            const age = this.#fetchedMs ? ' This list is ' + ageWords(Date.now() - this.#fetchedMs) + '.' : '';
            setText(freshness, errorWords(error) + age);
            setText(announcement, errorWords(error));
        }
    }
}
