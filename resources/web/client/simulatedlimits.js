// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import { TokenBucket } from './tokenbucket.js';

const kAbuseFactor = 10;
const kAbuseMs = 10000;
const kNotifyMs = 1000;

const kDefaults = {
    avatar_transform: { perSecond: { desktop: 20, vr: 20, mobile: 15 } },
    local_chat: { perSecond: 5, burst: 10 },
    join_room: { perSecond: 2, burst: 10 },
    leave_room: { perSecond: 2, burst: 10 },
    other: { perSecond: 2, burst: 5 },
};

/** The host's rate limits for one connection, with its `rate_limited` notice (at most one a second). */
export class SimulatedLimits {
    #deviceType;
    #buckets = new Map();

    constructor(deviceType) {
        this.#deviceType = deviceType;
    }

    /** {allowed}, with {notice} when a `rate_limited` is due and {abuse: true} when the host would hang up. */
    check(event, nowMs) {
        const state = this.#state(event, nowMs);
        state.recent.push(nowMs);
        while (state.recent[0] <= nowMs - kAbuseMs) {
            state.recent.shift();
        }
        if (state.bucket.take(nowMs)) {
            return { allowed: true };
        }
        state.dropped += 1;
        const limitPerSecond = state.bucket.perSecond;
        const abuse = state.recent.length > limitPerSecond * kAbuseFactor * (kAbuseMs / 1000);
        if (nowMs - state.notifiedMs < kNotifyMs) {
            return { allowed: false, abuse };
        }
        const notice = { event, limitPerSecond, dropped: state.dropped };
        state.notifiedMs = nowMs;
        state.dropped = 0;
        return { allowed: false, abuse, notice };
    }

    #state(event, nowMs) {
        const kind = event in kDefaults ? event : 'other';
        const key = kind === 'other' ? event : kind;
        if (!this.#buckets.has(key)) {
            const { perSecond, burst } = kDefaults[kind];
            const rate = perSecond[this.#deviceType] ?? perSecond.desktop ?? perSecond;
            const bucket = new TokenBucket(rate, burst ?? rate, nowMs);
            this.#buckets.set(key, { bucket, dropped: 0, notifiedMs: -Infinity, recent: [] });
        }
        return this.#buckets.get(key);
    }
}
