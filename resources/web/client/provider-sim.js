// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import { closeText, CloseCode } from './closecodes.js';
import { RollcallError } from './errors.js';
import { SimulatedHost } from './simulatedhost.js';
import { SimulatedLimits } from './simulatedlimits.js';
import { systemTimers } from './timers.js';

const kTickMs = 100;
const kMaxText = 240;
const kHeartbeatMs = 25000;
const kTtlMs = 75000;
const kAnimations = ['idle', 'walk', 'dance', 'wave'];

/**
 * A host that is only simulated, in this window: no request leaves it. Same calls, events, limits and errors as
 * WsProvider, so that nothing above notices.
 */
export class SimProvider {
    #options;
    #emit;
    #timers;
    #host;
    #limits;
    #roomId = null;
    #self = null;
    #lastSeq = -1;
    #tickTimer = null;
    #lastTickMs = 0;
    #visit = 0;

    constructor(options, emit) {
        this.#options = { timers: systemTimers, latencyMs: 25, ...options, ...options.simulation };
        this.#emit = emit;
        this.#timers = this.#options.timers;
        this.#host = new SimulatedHost(options.simulation, this.#timers.now());
        this.#limits = new SimulatedLimits(this.#options.deviceType);
    }

    start() {
        if (this.#tickTimer === null) {
            this.#lastTickMs = this.#timers.now();
            this.#arm();
        }
    }

    stop() {
        this.leave();
        this.#timers.clearTimeout(this.#tickTimer);
        this.#tickTimer = null;
        this.#status('closed', { code: 'stopped' });
    }

    async listRooms(query) {
        await this.#travel();
        return this.#host.list(query);
    }

    async join(roomId) {
        this.leave();
        const visit = this.#visit;
        this.#status('connecting');
        await this.#travel();
        if (visit !== this.#visit) {
            throw new RollcallError('cancelled', 'Left before the room was entered');
        }
        try {
            this.#roomId = this.#host.seat(roomId, this.#options.region);
        } catch (error) {
            this.#status('idle');
            throw error;
        }
        const { userId, displayName, avatarId } = this.#options.user;
        this.#self = {
            userId, displayName, avatarId, state: 'active', x: 0, y: 0, z: 0, rotY: 0, anim: 'idle', speaking: false,
        };
        const members = this.#host.enter(this.#roomId, this.#self,
                                         (event, payload) => this.#emit(event, payload), this.#timers.now());
        const state = {
            roomId: this.#roomId, serverTimeMs: this.#timers.now(), members, occupancy: members.length,
            heartbeatIntervalMs: kHeartbeatMs, ttlMs: kTtlMs,
        };
        this.#emit('room_state', state);
        this.#status('online');
        return state;
    }

    leave() {
        this.#visit += 1;
        if (this.#roomId !== null) {
            this.#host.exit(this.#timers.now());
            this.#roomId = null;
        }
        this.#status('idle');
    }

    send(event, payload) {
        if (this.#roomId === null) {
            return false;
        }
        const { allowed, notice, abuse } = this.#limits.check(event, this.#timers.now());
        if (notice) {
            this.#later(() => this.#emit('rate_limited', notice));
        }
        if (abuse) {
            this.leave();
            this.#status('closed', {
                code: 'closed', message: 'Disconnected: ' + closeText(CloseCode.RateAbuse), closeCode: CloseCode.RateAbuse,
            });
        } else if (allowed) {
            this.#later(() => this.#receive(event, payload));
        }
        return true;
    }

    #receive(event, payload) {
        switch (event) {
        case 'avatar_transform':
            this.#receiveTransform(payload);
            break;
        case 'local_chat':
            this.#receiveChat(payload.text);
            break;
        case 'emote':
            this.#emit('emote_broadcast', { userId: this.#self.userId, emoteId: payload.emoteId });
            break;
        case 'away':
        case 'active':
            this.#self.state = event;
            this.#emit('member_updated', { userId: this.#self.userId, state: event });
            break;
        default:
            this.#emit('error', { code: 'unknown_type', message: 'Unknown message type', event });
        }
    }

    #receiveTransform({ seq, x, y, z, rotY, anim, speaking }) {
        if (![x, y, z, rotY].every(Number.isFinite) || !kAnimations.includes(anim)) {
            this.#emit('error', { code: 'out_of_range', message: 'A value is out of range', event: 'avatar_transform' });
        } else if (seq > this.#lastSeq) {
            this.#lastSeq = seq;
            Object.assign(this.#self, { x, y, z, rotY, anim, speaking });
        }
    }

    #receiveChat(text) {
        const length = typeof text === 'string' ? [...text].length : 0;
        if (length < 1 || length > kMaxText) {
            this.#emit('error', { code: 'out_of_range', message: 'A value is out of range', event: 'local_chat' });
            return;
        }
        this.#host.chat(this.#self.userId, text);
        if (/\b(hi|hello|hey|hallo|moin|salut|hola)\b/i.test(text)) {
            this.#later(() => this.#host.reply(this.#self.displayName), 900);
        }
    }

    #arm() {
        this.#tickTimer = this.#timers.setTimeout(() => {
            const nowMs = this.#timers.now();
            this.#host.tick(nowMs, Math.min(1000, nowMs - this.#lastTickMs));
            this.#lastTickMs = nowMs;
            this.#arm();
        }, kTickMs);
    }

    /** Runs after the way there and back, unless the room was left meanwhile. */
    #later(run, extraMs = 0) {
        const visit = this.#visit;
        this.#timers.setTimeout(() => visit === this.#visit && run(), this.#options.latencyMs + extraMs);
    }

    #travel() {
        return new Promise((resolve) => this.#timers.setTimeout(resolve, this.#options.latencyMs));
    }

    #status(status, more = {}) {
        this.#emit('status', { status, ...more });
    }
}
