// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import { Backoff } from './backoff.js';
import { isTemporary } from './errors.js';
import { HostApi } from './hostapi.js';
import { PageSignals } from './pagesignals.js';
import { RoomSession } from './roomsession.js';
import { systemTimers } from './timers.js';

/**
 * The real host. Once in a room it stays there by itself, with a new seat and connection whenever one is
 * lost, until leave(), stop() or an answer of the host that waiting does not change.
 */
export class WsProvider {
    #options;
    #emit;
    #timers;
    #api;
    #backoff;
    #signals;
    #session = null;
    #status = 'idle';
    #wake = null;

    /**
     * @param {object} options of createRoomClient
     * @param {(event: string, payload: object) => void} emit
     */
    constructor(options, emit) {
        this.#options = { requestTimeoutMs: 5000, timers: systemTimers, ...options };
        this.#emit = emit;
        this.#timers = this.#options.timers;
        this.#api = new HostApi(this.#options);
        this.#backoff = new Backoff(this.#options.backoff);
        this.#signals = new PageSignals({
            onOnline: () => this.#nudge(),
            onOffline: () => this.#session?.isIn && this.#setStatus('offline'),
            onVisible: () => this.#nudge(),
        }, this.#options.page);
    }

    start() {
        this.#signals.start();
    }

    stop() {
        this.leave();
        this.#signals.stop();
        this.#setStatus('closed', { code: 'stopped' });
    }

    listRooms(query) {
        return this.#api.rooms(query);
    }

    /** Resolves with the room's `room_state`. */
    async join(roomId) {
        this.#leaveSession();
        this.#setStatus('connecting');
        const session = this.#makeSession();
        try {
            return await session.enter(roomId);
        } catch (error) {
            if (session === this.#session) {
                this.#session = null;
                this.#setStatus('idle');
            }
            throw error;
        }
    }

    leave() {
        this.#leaveSession();
        this.#setStatus('idle');
    }

    /** False when we are in no room right now. */
    send(event, payload) {
        return this.#session?.send(event, payload) ?? false;
    }

    #leaveSession() {
        const session = this.#session;
        this.#session = null;
        session?.leave();
        this.#wake?.();
    }

    /** @param {string | null} [refuge] the WebSocket URL of a node that is asked instead of our own. */
    #makeSession(refuge = null) {
        const options = refuge ? { ...this.#options, baseUrl: refuge } : this.#options;
        const session = new RoomSession(options, refuge ? new HostApi(options) : this.#api, {
            onEvent: (event, payload) => this.#handleEvent(session, event, payload),
            onStatus: (status) => session === this.#session && this.#setStatus(status),
            onEnd: (error) => session === this.#session && this.#handleEnd(session, error),
        });
        this.#session = session;
        return session;
    }

    #handleEvent(session, event, payload) {
        if (session !== this.#session) {
            return;
        }
        if (event === 'room_state') {
            this.#backoff.reset();
        } else if (this.#status === 'offline' && session.isIn && this.#signals.isOnline) {
            this.#setStatus('online');
        }
        this.#emit(event, payload);
    }

    #handleEnd(session, error) {
        if (isTemporary(error)) {
            this.#comeBack(session, error);
        } else {
            this.#finish(error);
        }
    }

    async #comeBack(lost, cause) {
        const { roomId } = lost;
        let current = lost;
        let error = cause;
        while (current === this.#session) {
            const retryInMs = this.#backoff.next(error.retryAfterMs);
            this.#setStatus(this.#signals.isOnline ? 'reconnecting' : 'offline', {
                code: error.code, message: error.message, retryInMs, attempt: this.#backoff.attempt,
            });
            await this.#sleep(retryInMs);
            if (current !== this.#session) {
                return;
            }
            current = this.#makeSession(refugeOf(error, this.#options.baseUrl));
            try {
                await current.enter(roomId);
                return;
            } catch (failure) {
                error = failure;
                if (current === this.#session && !isTemporary(failure)) {
                    this.#finish(failure);
                }
            }
        }
    }

    /** Out of the room, for a reason that waiting does not cure. */
    #finish(error) {
        this.#session = null;
        this.#setStatus('closed', { code: error.code, message: error.message, closeCode: error.closeCode });
    }

    #sleep(ms) {
        return new Promise((resolve) => {
            const timer = this.#timers.setTimeout(resolve, ms);
            this.#wake = () => {
                this.#timers.clearTimeout(timer);
                resolve();
            };
        });
    }

    /** The network or the window is back: try now instead of later. */
    #nudge() {
        this.#session?.probe();
        this.#wake?.();
    }

    #setStatus(status, more) {
        if (status !== this.#status || more) {
            this.#status = status;
            this.#emit('status', { status, ...more });
        }
    }
}

/**
 * Where the host that shut down has sent us, as an address for HTTP; null when it has not, or to where a page may not
 * go. A refuge that fails is not in the next error: after it our own host is asked again.
 */
function refugeOf({ refuge }, baseUrl) {
    try {
        const url = new URL(refuge ?? '', baseUrl);
        const isLessSecure = url.protocol === 'ws:' && new URL(baseUrl).protocol === 'https:';
        if (!refuge || isLessSecure || !['ws:', 'wss:'].includes(url.protocol)) {
            return null;
        }
        url.protocol = url.protocol.replace('ws', 'http');
        return url.href;
    } catch {
        return null;
    }
}
