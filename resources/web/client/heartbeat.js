// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import { systemTimers } from './timers.js';

/**
 * Sends the proof of life, and watches for the host's: a beat that is not followed by any frame within
 * `answerMs` makes the connection `onStale`; the same time again without one, `onDead`.
 */
export class Heartbeat {
    #hooks;
    #timers;
    #intervalMs = 0;
    #answerMs = 0;
    #beatTimer = null;
    #answerTimer = null;
    #isStale = false;

    /** @param {{beat: () => void, onStale: () => void, onFresh: () => void, onDead: () => void}} hooks */
    constructor(hooks, timers = systemTimers) {
        this.#hooks = hooks;
        this.#timers = timers;
    }

    start(intervalMs, answerMs = Math.min(10000, Math.max(1000, intervalMs * 0.4))) {
        this.stop();
        this.#intervalMs = intervalMs;
        this.#answerMs = answerMs;
        this.#arm();
    }

    stop() {
        this.#timers.clearTimeout(this.#beatTimer);
        this.#clearAnswer();
        this.#beatTimer = null;
        this.#intervalMs = 0;
        this.#isStale = false;
    }

    /** Beats now, with less patience: after the network or the window came back. */
    probe(answerMs = Math.min(3000, this.#answerMs)) {
        if (this.#intervalMs > 0) {
            this.#clearAnswer();
            this.#beat(answerMs);
        }
    }

    /** Something arrived. */
    heard() {
        this.#clearAnswer();
        if (this.#isStale) {
            this.#isStale = false;
            this.#hooks.onFresh();
        }
    }

    #arm() {
        this.#beatTimer = this.#timers.setTimeout(() => this.#beat(), this.#intervalMs);
    }

    #beat(answerMs = this.#answerMs) {
        this.#timers.clearTimeout(this.#beatTimer);
        this.#arm();
        this.#answerTimer ??= this.#timers.setTimeout(() => this.#unanswered(answerMs), answerMs);
        this.#hooks.beat();
    }

    #unanswered(answerMs) {
        this.#answerTimer = null;
        if (this.#isStale) {
            this.#hooks.onDead();
            return;
        }
        this.#isStale = true;
        this.#answerTimer = this.#timers.setTimeout(() => this.#unanswered(answerMs), answerMs);
        this.#hooks.onStale();
        this.#hooks.beat();
    }

    #clearAnswer() {
        this.#timers.clearTimeout(this.#answerTimer);
        this.#answerTimer = null;
    }
}
