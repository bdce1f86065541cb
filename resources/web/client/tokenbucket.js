// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

/** Lets `perSecond` through, `burst` at once; the rest is counted as dropped. 0 per second = no limit. */
export class TokenBucket {
    #tokens;
    #filledMs;

    constructor(perSecond, burst = perSecond, nowMs = 0) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.#tokens = burst;
        this.#filledMs = nowMs;
    }

    take(nowMs) {
        if (this.perSecond === 0) {
            return true;
        }
        const gained = (Math.max(0, nowMs - this.#filledMs) / 1000) * this.perSecond;
        this.#tokens = Math.min(this.burst, this.#tokens + gained);
        this.#filledMs = Math.max(nowMs, this.#filledMs);
        if (this.#tokens < 1) {
            return false;
        }
        this.#tokens -= 1;
        return true;
    }
}
