// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import { CloseCode, closeText } from './closecodes.js';
import { RollcallError, isTemporary } from './errors.js';
import { FrameSocket } from './framesocket.js';
import { Heartbeat } from './heartbeat.js';
import { PendingJoin } from './pendingjoin.js';

const kMaxRefreshes = 3;
const kRefreshWindowMs = 60000;
const kDefaultHeartbeatMs = 25000;

/**
 * One stay in a room over one connection: the seat from POST /rooms/join, the socket, `join_room`, heartbeats
 * and fresh tokens. When the stay ends by itself `onEnd(error)` is called once; after leave() or a failed
 * enter() nothing is called any more.
 */
export class RoomSession {
    #options;
    #api;
    #hooks;
    #timers;
    #heartbeat;
    #socket = null;
    #pending = null;
    #isOver = false;
    #drainTimer = null;
    #refuge = null; // where a host that shuts down sends us
    #refreshes = [];

    /** Where we are; with "hottest", known once the seat is. */
    roomId = null;
    isIn = false;

    /**
     * @param {object} options as of createRoomClient
     * @param {import('./hostapi.js').HostApi} api
     * @param {{onEvent: (event: string, payload: object) => void, onStatus: (status: string) => void,
     *          onEnd: (error: RollcallError) => void}} hooks
     */
    constructor(options, api, hooks) {
        this.#options = options;
        this.#api = api;
        this.#hooks = hooks;
        this.#timers = options.timers;
        this.#heartbeat = new Heartbeat({
            beat: () => this.#beat(),
            onStale: () => hooks.onStatus('stale'),
            onFresh: () => hooks.onStatus('online'),
            onDead: () => this.#socket?.giveUp(),
        }, this.#timers);
    }

    /** Resolves with `room_state`; rejects with a RollcallError, and the session is over then. */
    async enter(roomId) {
        try {
            const seat = await this.#requestSeat(roomId);
            this.roomId = seat.roomId;
            await this.#connect(seat.wsUrl);
            this.#pending = new PendingJoin(this.#options.requestTimeoutMs, this.#timers);
            this.#sendJoin(seat);
            return await this.#pending.answer;
        } catch (error) {
            this.#end(CloseCode.Drained); // not Normal: that would end a seat held for us in grace
            throw error;
        } finally {
            this.#pending = null;
        }
    }

    /** False when we are not in the room right now. */
    send(event, payload) {
        return this.isIn && (this.#socket?.send(event, { roomId: this.roomId, ...payload }) ?? false);
    }

    leave() {
        this.send('leave_room', {});
        this.#pending?.reject(new RollcallError('cancelled', 'Left before the room was entered'));
        this.#end(CloseCode.Normal);
    }

    /** Asks the host for a sign of life now. */
    probe() {
        this.#heartbeat.probe();
    }

    #end(closeCode) {
        this.#isOver = true;
        this.isIn = false;
        this.#heartbeat.stop();
        this.#timers.clearTimeout(this.#drainTimer);
        this.#socket?.close(closeCode);
        this.#socket = null;
    }

    #endWith(error, closeCode = CloseCode.Normal) {
        if (this.#pending) {
            this.#pending.reject(error);
        } else if (!this.#isOver) {
            this.#end(closeCode);
            this.#hooks.onEnd(error);
        }
    }

    async #requestSeat(roomId) {
        const { deviceType, deviceId, region, theme, user, token } = this.#options;
        const who = token ? {} : { user };
        const seat = await this.#api.requestSeat({ roomId, deviceType, deviceId, region, theme, ...who });
        this.#checkNotOver();
        return seat;
    }

    #checkNotOver() {
        if (this.#isOver) {
            throw new RollcallError('cancelled', 'Left before the room was entered');
        }
    }

    async #connect(wsUrl) {
        const url = new URL(wsUrl, this.#options.baseUrl);
        url.protocol = url.protocol.replace('http', 'ws');
        const socket = await FrameSocket.open(url.href, {
            timeoutMs: this.#options.requestTimeoutMs,
            WebSocket: this.#options.WebSocket,
            timers: this.#timers,
            onFrame: (event, payload) => this.#handleFrame(event, payload),
            onClose: (code) => this.#handleClose(code),
        });
        if (this.#isOver) {
            socket.close();
        }
        this.#checkNotOver();
        this.#socket = socket;
    }

    #sendJoin(seat) {
        const { user, deviceType, batch } = this.#options;
        this.#socket.send('join_room', { roomId: seat.roomId, user, deviceType, token: seat.realtimeToken, batch });
    }

    #beat() {
        this.#socket?.send('heartbeat', { roomId: this.roomId, clientTimeMs: this.#timers.now() });
    }

    #handleFrame(event, payload) {
        this.#heartbeat.heard();
        if (event === 'room_state') {
            this.#handleRoomState(payload);
            return;
        }
        if (event === 'error' && this.#pending?.refuse(payload)) {
            return;
        }
        this.#hooks.onEvent(event, payload);
        if (event === 'error' && payload.code === 'not_in_room' && this.isIn) {
            this.#hooks.onStatus('lost'); // the membership expired: a heartbeat joins again
            this.#beat();
        } else if (event === 'auth_error') {
            this.#handleAuthError(payload);
        } else if (event === 'draining') {
            this.#handleDraining(payload);
        } else if (event === 'moderation_action' && ['kicked', 'banned'].includes(payload.type)) {
            this.#endWith(new RollcallError(payload.type, payload.reason || 'An operator removed you from the room'));
        }
    }

    #handleRoomState(payload) {
        if (payload.roomId !== this.roomId) {
            return;
        }
        this.isIn = true;
        this.#heartbeat.start(Math.max(1000, Number(payload.heartbeatIntervalMs) || kDefaultHeartbeatMs));
        this.#hooks.onEvent('room_state', payload);
        this.#hooks.onStatus('online');
        this.#pending?.resolve(payload);
    }

    /** The socket stays: a fresh token either finishes the join or prolongs the session. */
    async #handleAuthError({ reason, message }) {
        const nowMs = this.#timers.now();
        this.#refreshes = this.#refreshes.filter((atMs) => nowMs - atMs < kRefreshWindowMs);
        this.#refreshes.push(nowMs);
        if (reason === 'forbidden' || this.#refreshes.length > kMaxRefreshes) {
            this.#refuse(new RollcallError(reason ?? 'invalid_token', message || 'The host refused the token'));
            return;
        }
        try {
            const seat = await this.#requestSeat(this.roomId);
            if (this.isIn) {
                this.#socket.send('refresh_token', { token: seat.realtimeToken });
            } else {
                this.#sendJoin(seat);
            }
        } catch (error) {
            if (!isTemporary(error)) { // otherwise the host's own deadline (4004) decides
                this.#refuse(error);
            }
        }
    }

    #refuse(error) {
        if (!this.isIn) {
            this.#endWith(error);
        }
    }

    #handleDraining({ reconnectInMs, url }) {
        this.#refuge = typeof url === 'string' ? url : null;
        this.#timers.clearTimeout(this.#drainTimer);
        this.#drainTimer = this.#timers.setTimeout(() => {
            this.#endWith(closed(CloseCode.Drained, this.#refuge), CloseCode.Drained);
        }, Math.max(0, Number(reconnectInMs) || 0));
    }

    #handleClose(code) {
        this.#endWith(closed(code, this.#refuge));
    }
}

function closed(code, refuge) {
    return new RollcallError('closed', 'Disconnected: ' + closeText(code), { closeCode: code, refuge });
}
