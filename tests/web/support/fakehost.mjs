// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

/** A host without a network: answers fetch() and WebSockets as the test says, and remembers what it was sent. */
export class FakeHost {
    requests = [];
    sockets = [];
    seats = 0;
    refusals = []; // answers of the next requests: {status, body, headers} or 'unreachable'
    isReachable = true;
    answersJoins = true;

    fetch = async (url, init) => {
        const request = { method: init.method, path: url.pathname, origin: url.origin, headers: init.headers, body: init.body && JSON.parse(init.body) };
        this.requests.push(request);
        const refusal = this.isReachable ? this.refusals.shift() : 'unreachable';
        if (refusal === 'unreachable') {
            throw new TypeError('fetch failed');
        }
        if (refusal === 'silent') {
            return new Promise((resolve, reject) => {
                init.signal.addEventListener('abort', () => reject(new Error('aborted')));
            });
        }
        return respond(refusal ?? { body: this.#answer(request) });
    };

    get WebSocket() {
        const host = this;
        return class extends FakeSocket {
            constructor(url) {
                super(url, host);
            }
        };
    }

    /** The newest connection. */
    get socket() {
        return this.sockets[this.sockets.length - 1];
    }

    frames(event) {
        return this.sockets.flatMap((socket) => socket.sent).filter((frame) => frame.t === event);
    }

    #answer({ path, body }) {
        if (path === '/rooms/join') {
            this.seats += 1;
            return { roomId: body.roomId ?? 'hot', realtimeToken: 'token-' + this.seats, wsUrl: 'ws://host/ws' };
        }
        return {};
    }
}

class FakeSocket {
    readyState = 0;
    sent = [];

    constructor(url, host) {
        this.url = url;
        this.host = host;
        host.sockets.push(this);
        Promise.resolve().then(() => (host.isReachable ? this.#open() : this.lose(1006)));
    }

    send(text) {
        const frame = JSON.parse(text);
        this.sent.push(frame);
        if (frame.t === 'join_room' && this.host.answersJoins) {
            this.deliver('room_state', roomState(frame.payload.roomId));
        }
    }

    deliver(t, payload) {
        Promise.resolve().then(() => this.readyState === 1 && this.onmessage({ data: JSON.stringify({ v: 1, t, ts: 0, payload }) }));
    }

    close(code) {
        this.closedWith = code;
        this.readyState = 3;
    }

    /** The connection ends from outside. */
    lose(code) {
        this.readyState = 3;
        this.onclose({ code, reason: '' });
    }

    #open() {
        this.readyState = 1;
        this.onopen();
    }
}

export function roomState(roomId) {
    return { roomId, serverTimeMs: 0, members: [], occupancy: 1, heartbeatIntervalMs: 25000, ttlMs: 75000 };
}

function respond({ status = 200, body, headers = {} }) {
    return {
        status, ok: status >= 200 && status < 300, headers: new Headers(headers),
        text: async () => (typeof body === 'string' ? body : JSON.stringify(body)),
    };
}
