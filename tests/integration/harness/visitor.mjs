// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import { once } from 'node:events';
import WebSocket from 'ws';

// Where the type begins in a frame: {"v":1,"t":"...
const kTypeAt = 12;
const kUninteresting = /^(heartbeat_ack|avatar_transform_broadcast|chat_broadcast)"/;

/// A lean client for crowds: one device of a person, in one room. It keeps the room's members as it is told of
/// them, and no frames.
export class Visitor {
    view = new Set(); // the user ids in its room, itself included
    departures = new Map(); // user -> reasons of every member_left since forgetDepartures()
    heard = 0; // movement, chat and acknowledgements
    isWelcome = false; // the room_state of `room` has come

    /// `crowd` is told what happens: onState(visitor, members), onLeft(visitor, user, reason), onRefused(visitor, error),
    /// onClosed(visitor, code).
    constructor(crowd, user, room, host) {
        this.crowd = crowd;
        this.user = user;
        this.room = room;
        this.host = host;
    }

    get isOpen() { return this.socket?.readyState === WebSocket.OPEN; }

    async connect() {
        this.view = new Set();
        this.isWelcome = false;
        const socket = new WebSocket(this.host.wsUrl, { perMessageDeflate: false });
        this.socket = socket;
        socket.on('error', () => {}); // a close follows
        socket.on('message', data => this.#receive(data));
        socket.on('close', code => {
            if (this.socket === socket)
                this.crowd.onClosed(this, code);
        });
        await once(socket, 'open');
    }

    /// Asks for a room; `welcomed` settles with its room_state.
    join(room) {
        this.room = room;
        this.isWelcome = false;
        this.welcomed = new Promise(resolve => { this.welcome = resolve; });
        this.#send('join_room', { roomId: room, deviceType: 'desktop', user: { userId: this.user, displayName: this.user } });
    }

    heartbeat() { this.#send('heartbeat', { roomId: this.room, clientTimeMs: Date.now() }); }
    chat(text) { this.#send('local_chat', { roomId: this.room, text, mode: 'local' }); }

    move() {
        this.sequence = (this.sequence ?? 0) + 1;
        const place = { x: this.sequence % 10, y: 0, z: 0, rotY: 0, anim: 'walk', speaking: false };
        this.#send('avatar_transform', { roomId: this.room, seq: this.sequence, ...place });
    }

    drop() {
        const socket = this.socket;
        this.socket = undefined;
        socket?.terminate();
    }

    #send(t, payload) {
        if (this.isOpen)
            this.socket.send(JSON.stringify({ v: 1, t, ts: Date.now(), payload }));
    }

    #receive(data) {
        if (kUninteresting.test(data.latin1Slice(kTypeAt, kTypeAt + 32))) {
            ++this.heard;
            return;
        }
        const { t, payload } = JSON.parse(data.toString());
        if (t === 'room_state') {
            if (payload.roomId !== this.room)
                return; // it has asked for another one since
            this.view = new Set(payload.members.map(member => member.userId));
            this.crowd.onState(this, payload.members);
            this.isWelcome = true;
            this.welcome();
        } else if (t === 'member_joined') {
            this.view.add(payload.member.userId);
        } else if (t === 'member_left') {
            this.view.delete(payload.userId);
            const reasons = this.departures.get(payload.userId) ?? [];
            this.departures.set(payload.userId, [...reasons, payload.reason]);
            if (this.isWelcome)
                this.crowd.onLeft(this, payload.userId, payload.reason);
        } else if (t === 'error') {
            this.crowd.onRefused(this, payload);
        }
    }
}
