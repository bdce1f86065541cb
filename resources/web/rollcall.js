// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import { Emitter } from './client/emitter.js';
import { RollcallError } from './client/errors.js';
import { HostApi } from './client/hostapi.js';
import { SimProvider } from './client/provider-sim.js';
import { WsProvider } from './client/provider-ws.js';
import { Roster } from './client/roster.js';
import { LatestThrottle } from './client/throttle.js';
import { systemTimers } from './client/timers.js';

export { RollcallError } from './client/errors.js';
export { Interpolator, mixAngle } from './client/interpolation.js';

const kProviders = { ws: WsProvider, sim: SimProvider };
const kMaxText = 240;

/** What a client sends when told nothing else; below the host's limits (20 a second, on phones 15). */
const kTransformsPerSecond = { desktop: 16, vr: 16, mobile: 12 };

/**
 * @typedef {object} RoomClientOptions
 * @property {'ws' | 'sim'} [provider] a host, or a simulation of one in this window; default 'ws'
 * @property {string} [baseUrl] of the host; default: where the page came from
 * @property {{userId: string, displayName?: string, avatarId?: string}} user who we are; with `token`, the token decides
 * @property {string | (() => string | Promise<string>)} [token] the application's user token, for hosts that need one
 * @property {'desktop' | 'mobile' | 'vr'} [deviceType] default 'desktop'
 * @property {string} [deviceId] a later client with the same user and device takes over (close code 4005)
 * @property {string} [region] @property {string} [theme] preferred when joining the hottest room
 * @property {boolean} [batch] movement arrives in one frame per tick; events stay the same
 * @property {number} [transformsPerSecond] sendTransform() sends the newest this often; 0 = each one
 * @property {number} [requestTimeoutMs] for HTTP requests, connections and joins; default 5000
 * @property {object} [backoff] see client/backoff.js
 * @property {object} [simulation] {random, rooms, latencyMs} of the 'sim' provider
 */

/**
 * Who is in a room, and their movement and chat. Events and errors: docs/client.md.
 */
export class RoomClient {
    #emitter = new Emitter();
    #roster = new Roster(() => this.user.userId);
    #provider;
    #throttle;
    #transform = { x: 0, y: 0, z: 0, rotY: 0, anim: 'idle', speaking: false };
    #seq;
    #isPlaced = false;
    #isAway = false;

    /** @param {RoomClientOptions} options */
    constructor({ provider = 'ws', ...given }) {
        const options = { baseUrl: globalThis.location?.href, deviceType: 'desktop', timers: systemTimers, ...given };
        if (!Object.hasOwn(kProviders, provider)) {
            throw new TypeError('provider is ws or sim, not ' + provider);
        }
        this.provider = provider;
        /** Who we are: {userId, displayName, avatarId}. */
        this.user = options.user;
        /** The room we are in, want to be in again after an outage, or null. */
        this.roomId = null;
        /** idle, connecting, online, stale, lost, offline, reconnecting or closed: docs/client.md says what each means. */
        this.status = 'idle';
        // Grows over reloads too: an older transform of the same user is dropped.
        this.#seq = options.timers.now();
        this.#provider = new kProviders[provider](options, (event, payload) => this.#handle(event, payload));
        const perSecond = options.transformsPerSecond ?? kTransformsPerSecond[options.deviceType];
        this.#throttle = new LatestThrottle((transform) => this.#sendNow(transform), perSecond, options.timers);
    }

    /** The room's members by userId, as in `room_state`, kept up to date. Read only. */
    get members() {
        return this.#roster.members;
    }

    /** How many people are in the room: in very large ones `members` has only ourselves. */
    get occupancy() {
        return this.#roster.occupancy;
    }

    /** Starts listening to the network and the window (and starts the simulation). join() does it too. */
    async connect() {
        this.#provider.start();
    }

    /** Leaves the room and stops; connect() or join() start again. */
    disconnect() {
        this.#forgetRoom();
        this.#provider.stop();
    }

    /**
     * The room list, as GET /rooms, with {unchanged, stale, ageMs}.
     * @param {{region?: string, theme?: string, sort?: string, limit?: number, cursor?: string}} [query]
     */
    listRooms(query) {
        return this.#provider.listRooms(query);
    }

    /**
     * Enters a room, or the hottest one when none is given, and leaves the one we were in. Resolves with
     * `room_state`; rejects with a RollcallError (room_not_found, room_full, blocked, no_room, unavailable, timeout, ...).
     * @param {string} [roomId]
     */
    async join(roomId) {
        this.#forgetRoom();
        this.#provider.start();
        return this.#provider.join(roomId);
    }

    async leave() {
        this.#forgetRoom();
        this.#provider.leave();
    }

    /**
     * Where our avatar is; what is not given stays as it was. May be called with every drawn frame: the newest is
     * sent `transformsPerSecond` times a second.
     * @param {{x?: number, y?: number, z?: number, rotY?: number, anim?: 'idle' | 'walk' | 'dance' | 'wave', speaking?: boolean}} change
     */
    sendTransform(change) {
        const next = { ...this.#transform, ...change };
        if (![next.x, next.y, next.z, next.rotY].every(Number.isFinite)) {
            throw new RangeError('x, y, z and rotY are finite numbers');
        }
        this.#transform = next;
        this.#isPlaced = true;
        this.#roster.apply('avatar_transform_broadcast', { userId: this.user.userId, ...next });
        this.#throttle.push(next);
    }

    /** Says something to the room; our own `chat_broadcast` is the receipt. Throws when it cannot be sent now. */
    sendChat(text) {
        const length = [...text].length;
        if (length < 1 || length > kMaxText) {
            throw new RollcallError('out_of_range', 'A message has 1 to ' + kMaxText + ' characters');
        }
        this.#send('local_chat', { text, mode: 'local' });
    }

    sendEmote(emoteId) {
        this.#send('emote', { emoteId });
    }

    /** Here, but not looking. The seat stays. */
    setAway(isAway) {
        this.#isAway = isAway;
        this.#provider.send(isAway ? 'away' : 'active', {});
    }

    /** Calls `listener(payload)` with each event; returns a function that ends that. '*' gets (event, payload). */
    on(event, listener) {
        return this.#emitter.on(event, listener);
    }

    #send(event, payload) {
        if (!this.#provider.send(event, payload)) {
            throw new RollcallError('not_in_room', 'Not sent: there is no connection to a room right now');
        }
    }

    #sendNow(transform) {
        this.#seq += 1;
        this.#provider.send('avatar_transform', { seq: this.#seq, ...transform });
    }

    /** After an outage the host may have forgotten what only we know. */
    #restore() {
        if (this.#isPlaced) {
            this.#throttle.push(this.#transform);
        }
        if (this.#isAway) {
            this.setAway(true);
        }
    }

    #forgetRoom() {
        this.#isPlaced = false;
        this.#throttle.cancel();
        this.#roster.clear();
        this.roomId = null;
    }

    #handle(event, payload) {
        if (event === 'avatar_transforms') {
            for (const transform of payload.transforms ?? []) {
                this.#handle('avatar_transform_broadcast', transform);
            }
            return;
        }
        if (event === 'presence_delta') {
            this.#roster.takeApart(payload).forEach(([name, part]) => this.#handle(name, part));
            return;
        }
        if (event === 'status') {
            this.status = payload.status;
            if (payload.status === 'closed') {
                this.#forgetRoom();
            }
        } else if (event === 'room_state') {
            this.roomId = payload.roomId;
        }
        this.#roster.apply(event, payload);
        this.#emitter.emit(event, payload);
        if (event === 'status' && payload.status === 'online') {
            this.#restore();
        }
    }
}

/** @param {RoomClientOptions} options */
export function createRoomClient(options) {
    return new RoomClient(options);
}

/** GET /config.json: what the host wants its clients to know. Rejects with a RollcallError. */
export function loadHostConfiguration(baseUrl = globalThis.location?.href) {
    return new HostApi({ baseUrl }).configuration();
}

/**
 * What a host's configuration means for createRoomClient(): {provider, backoff}.
 * @param {object} configuration of loadHostConfiguration(); {} when there was none
 */
export function optionsFrom(configuration = {}, search = globalThis.location?.search ?? '') {
    const intervalMs = Number(configuration.REALTIME_RECONNECT_INTERVAL_MS) || 1000;
    return {
        provider: chooseProvider(configuration, search),
        backoff: { baseMs: intervalMs / 4, fastMaxMs: intervalMs * 0.7 },
    };
}

/** 'ws' or 'sim': what the address says (?provider=), else what the host says. */
export function chooseProvider(configuration = {}, search = globalThis.location?.search ?? '') {
    const asked = new URLSearchParams(search).get('provider');
    if (asked !== null && Object.hasOwn(kProviders, asked)) {
        return asked;
    }
    const isMock = [true, 'true', 1, '1'].includes(configuration.USE_MOCK_REALTIME);
    return isMock || configuration.REALTIME_PROVIDER === 'sim' || configuration.REALTIME_PROVIDER === 'mock' ? 'sim' : 'ws';
}
