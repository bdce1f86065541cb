// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

/**
 * How long to wait before each attempt to come back.
 *
 * While an outage is young (`fastPhaseMs`) the steps stop growing at `fastMaxMs`, so that a short cut is
 * over soon after the network is back; after that they double up to `maxMs`. Half of each step is random, so
 * that a thousand clients that lost the same host do not return in the same moment.
 */
export class Backoff {
    #options;
    #attempt = 0;
    #waitedMs = 0;
    #step = 0;

    constructor({ baseMs = 250, fastMaxMs = 700, fastPhaseMs = 8000, maxMs = 15000, random = Math.random } = {}) {
        this.#options = { baseMs, fastMaxMs: Math.min(fastMaxMs, maxMs), fastPhaseMs, maxMs, random };
        this.reset();
    }

    /** Attempts since the last reset. */
    get attempt() {
        return this.#attempt;
    }

    /** Milliseconds until the next attempt, at least `atLeastMs` (a Retry-After). */
    next(atLeastMs = 0) {
        const { baseMs, fastMaxMs, fastPhaseMs, maxMs, random } = this.#options;
        const isYoung = this.#waitedMs < fastPhaseMs;
        const step = this.#step;
        this.#step = isYoung ? Math.min(step * 1.6, fastMaxMs) : Math.min(step * 2, maxMs);
        this.#attempt += 1;
        const jittered = step / 2 + random() * step / 2;
        // A Retry-After is the same number for everybody: the jitter goes on top of it.
        const delay = Math.round(atLeastMs > 0 ? Math.max(jittered, atLeastMs + random() * baseMs) : jittered);
        this.#waitedMs += delay;
        return delay;
    }

    /** After a connection that held. */
    reset() {
        this.#attempt = 0;
        this.#waitedMs = 0;
        this.#step = Math.min(this.#options.baseMs, this.#options.fastMaxMs);
    }
}
