// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import { systemTimers } from './timers.js';

/**
 * Sends the newest of many values, at most `perSecond` times a second; the first one at once, the last one
 * always. 0 sends every value.
 */
export class LatestThrottle {
    #send;
    #intervalMs;
    #timers;
    #lastMs = -Infinity;
    #pending;
    #timer = null;

    constructor(send, perSecond, timers = systemTimers) {
        this.#send = send;
        this.#intervalMs = perSecond > 0 ? 1000 / perSecond : 0;
        this.#timers = timers;
    }

    push(value) {
        const waitMs = this.#lastMs + this.#intervalMs - this.#timers.now();
        if (this.#intervalMs === 0 || (waitMs <= 0 && this.#timer === null)) {
            this.#lastMs = this.#timers.now();
            this.#send(value);
            return;
        }
        this.#pending = value;
        this.#timer ??= this.#timers.setTimeout(() => {
            this.#timer = null;
            this.#lastMs = this.#timers.now();
            this.#send(this.#pending);
        }, Math.max(1, waitMs));
    }

    /** Forgets what has not been sent yet. */
    cancel() {
        if (this.#timer !== null) {
            this.#timers.clearTimeout(this.#timer);
            this.#timer = null;
        }
    }
}
