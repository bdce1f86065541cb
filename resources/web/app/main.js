// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import { createRoomClient, loadHostConfiguration, optionsFrom } from '../rollcall.js';
import { ConnectionIndicator } from './connection.js';
import { icon } from './dom.js';
import { loadIdentity, rememberName } from './identity.js';
import { Lobby } from './lobby.js';
import { RoomView } from './roomview.js';
import { Toasts } from './toasts.js';
import { authErrorWords, errorWords, rateLimitedWords } from './words.js';

const kMaxName = 64;

const find = (id) => document.getElementById(id);

/** The page: which view is shown, what the address says, and what is told to the user. */
class Page {
    #client;
    #toasts = new Toasts(find('toasts'));
    #lobby;
    #room;
    #isJoining = false;

    constructor(client) {
        this.#client = client;
        const warn = (text) => this.#toasts.show(text, 'warning');
        this.#lobby = new Lobby(client, {
            list: find('room-list'), total: find('total'), freshness: find('freshness'), announcement: find('announcement'),
        }, (roomId) => this.enter(roomId));
        this.#room = new RoomView(client, {
            stage: find('stage'), tools: find('tools'), list: find('people-list'), count: find('people-count'),
            log: find('chat-log'), form: find('chat-form'), input: find('chat-input'), counter: find('chat-counter'),
        }, warn);
        new ConnectionIndicator(client, find('connection'), find('banner'));
        client.on('auth_error', (problem) => warn(authErrorWords(problem)));
        client.on('rate_limited', (notice) => warn(rateLimitedWords(notice)));
        client.on('error', (problem) => warn(errorWords(problem)));
        client.on('draining', () => this.#toasts.show('This host is about to restart. You will be moved in a moment.'));
        client.on('status', (status) => this.#handleStatus(status));
        this.#listen();
    }

    async start() {
        await this.#client.connect();
        const roomId = new URLSearchParams(location.search).get('room');
        this.#showLobby();
        if (roomId) {
            await this.enter(roomId, { remember: false });
        }
    }

    /** Into a room, or the busiest one. */
    async enter(roomId, { remember = true } = {}) {
        if (this.#isJoining) {
            return;
        }
        this.#isJoining = true;
        document.body.setAttribute('aria-busy', 'true');
        try {
            const state = await this.#client.join(roomId);
            const room = await this.#describe(state.roomId);
            if (this.#client.roomId !== state.roomId) {
                return; // removed again while the description was on its way
            }
            this.#showRoom(room, state);
            if (remember) {
                history.pushState(null, '', addressOf(state.roomId));
            }
        } catch (error) {
            if (error.code !== 'cancelled') {
                this.#toasts.show(errorWords(error), 'warning');
            }
            this.#showLobby();
        } finally {
            this.#isJoining = false;
            document.body.removeAttribute('aria-busy');
        }
    }

    leave({ remember = true } = {}) {
        this.#client.leave();
        this.#showLobby({ focus: true });
        if (remember) {
            history.pushState(null, '', addressOf(null));
        }
    }

    async #describe(roomId) {
        try {
            const { rooms } = await this.#client.listRooms();
            return rooms.find((room) => room.id === roomId) ?? { id: roomId };
        } catch {
            return { id: roomId };
        }
    }

    #showLobby({ focus = false } = {}) {
        this.#room.hide();
        find('room').hidden = true;
        find('room-head').hidden = true;
        find('lobby').hidden = false;
        document.body.dataset.view = 'lobby';
        document.title = 'Rollcall';
        this.#lobby.show();
        if (focus) {
            find('lobby-title').focus();
        }
    }

    #showRoom(room, state) {
        const name = room.name || room.id;
        this.#lobby.hide();
        find('lobby').hidden = true;
        find('room').hidden = false;
        find('room-head').hidden = false;
        document.body.dataset.view = 'room';
        document.title = name + ' \u00b7 Rollcall';
        find('room-title').textContent = name;
        find('stage').setAttribute('aria-label', 'Floor of ' + name);
        this.#room.show(room, state);
        find('stage').focus();
    }

    #handleStatus({ status, code, message }) {
        if (status === 'closed' && this.#room.isShown && code !== 'stopped') {
            this.#showLobby({ focus: true });
            history.replaceState(null, '', addressOf(null));
            this.#toasts.show(errorWords({ code, message }), 'warning');
        }
    }

    #listen() {
        const name = find('name-input');
        name.value = this.#client.user.displayName;
        const takeName = () => {
            const wanted = [...name.value.trim()].slice(0, kMaxName).join('');
            if (wanted !== '') {
                this.#client.user.displayName = wanted;
                rememberName(wanted);
            }
        };
        name.addEventListener('change', takeName);
        find('join-form').addEventListener('submit', (event) => {
            event.preventDefault();
            takeName();
            this.enter();
        });
        find('leave').addEventListener('click', () => this.leave());
        find('leave').prepend(icon('back'));
        find('chat-send').prepend(icon('send'));
        find('join-hottest').append(icon('arrow'));
        window.addEventListener('popstate', () => {
            const roomId = new URLSearchParams(location.search).get('room');
            if (roomId) {
                this.enter(roomId, { remember: false });
            } else {
                this.leave({ remember: false });
            }
        });
        document.addEventListener('visibilitychange', () => this.#client.setAway(document.visibilityState === 'hidden'));
    }
}

/** This address with another room. */
function addressOf(roomId) {
    const url = new URL(location.href);
    if (roomId) {
        url.searchParams.set('room', roomId);
    } else {
        url.searchParams.delete('room');
    }
    return url;
}

async function main() {
    let configuration = {};
    try {
        configuration = await loadHostConfiguration();
    } catch {
        // The page works without it; whether the host is there, the room list says.
    }
    const client = createRoomClient({
        ...optionsFrom(configuration),
        user: loadIdentity(),
        deviceType: matchMedia('(pointer: coarse)').matches ? 'mobile' : 'desktop',
    });
    await new Page(client).start();
}

main();
