// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import WebSocket from 'ws';
import { eventually } from './wait.mjs';

/// A client of the `rooms` dialect. It keeps every frame it got; nothing is answered by itself except pings.
export class Client {
    frames = []; // {t, payload, atMs, taken}
    close = null; // {code, reason} once closed
    #heartbeats = new Map();

    /// `options.user`: the userId; `options.token`: a token for the upgrade.
    static async connect(url, { user, displayName = user, protocols = [], headers = {}, ...options } = {}) {
        const client = new Client();
        client.user = user;
        client.displayName = displayName;
        client.socket = new WebSocket(url, protocols, { headers, perMessageDeflate: false, ...options });
        client.socket.on('message', (data, isBinary) => client.#receive(data, isBinary));
        client.socket.on('close', (code, reason) => {
            client.close = { code, reason: reason.toString() };
            client.#stopHeartbeats();
        });
        await new Promise((resolve, reject) => {
            client.socket.once('open', resolve);
            client.socket.once('error', reject);
        });
        client.socket.on('error', () => {});
        return client;
    }

    get isOpen() { return this.socket.readyState === WebSocket.OPEN; }

    send(t, payload) { this.socket.send(JSON.stringify({ v: 1, t, ts: Date.now(), payload })); }

    /// Sends join_room and returns the payload of its room_state.
    async join(roomId, { token, batch, deviceType = 'desktop' } = {}) {
        this.sendJoin(roomId, { token, batch, deviceType });
        return this.next('room_state', payload => payload.roomId === roomId);
    }

    sendJoin(roomId, { token, batch, deviceType = 'desktop' } = {}) {
        this.send('join_room', {
            roomId, deviceType, token, batch,
            user: { userId: this.user, displayName: this.displayName, avatarId: 'fox' },
        });
    }

    move(roomId, seq, { x = 0, y = 0, z = 0, rotY = 0, anim = 'walk', speaking = false } = {}) {
        this.send('avatar_transform', { roomId, seq, x, y, z, rotY, anim, speaking });
    }

    chat(roomId, text) { this.send('local_chat', { roomId, text, mode: 'local' }); }
    leave(roomId) { this.send('leave_room', { roomId }); }
    heartbeat(roomId) { this.send('heartbeat', { roomId, clientTimeMs: Date.now() }); }

    /// Sends a heartbeat now and every `every` milliseconds.
    beat(roomId, every) {
        this.heartbeat(roomId);
        this.#heartbeats.set(roomId, setInterval(() => this.isOpen && this.heartbeat(roomId), every));
    }

    /// The first frame of this type not taken before whose payload fits; waits for it.
    async next(t, fits = () => true, { timeout = 5000 } = {}) {
        const frame = await eventually(`${this.user} gets ${t}; it got ${this.#summary()}`, () =>
            this.frames.find(each => !each.taken && each.t === t && fits(each.payload)), { within: timeout, every: 5 });
        frame.taken = true;
        return frame.payload;
    }

    /// Payloads of every frame of this type so far, taken or not.
    all(t, fits = () => true) {
        return this.frames.filter(frame => frame.t === t && fits(frame.payload)).map(frame => frame.payload);
    }

    async closed({ timeout = 5000 } = {}) {
        return eventually(`${this.user}'s connection is closed`, () => this.close, { within: timeout });
    }

    /// Close 1000: a leave.
    end() { this.socket.close(1000); }
    /// The connection is lost without a Close.
    drop() { this.socket.terminate(); }

    dispose() {
        this.#stopHeartbeats();
        this.socket.terminate();
    }

    #stopHeartbeats() {
        for (const timer of this.#heartbeats.values())
            clearInterval(timer);
        this.#heartbeats.clear();
    }

    #receive(data, isBinary) {
        if (isBinary)
            throw new Error('a binary frame in the rooms dialect');
        const { t, payload } = JSON.parse(data.toString());
        this.frames.push({ t, payload, atMs: performance.now(), taken: false });
    }

    #summary() { return this.frames.map(frame => frame.t).join(' ') || 'nothing'; }
}
