// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import { RollcallError } from './errors.js';

/** The answer to one `join_room` that is still on its way. */
export class PendingJoin {
    #timers;
    #timer;
    #settle;

    constructor(timeoutMs, timers) {
        this.#timers = timers;
        /** Resolves with `room_state`, rejects with a RollcallError. */
        this.answer = new Promise((resolve, reject) => {
            this.#settle = { resolve, reject };
        });
        this.#timer = timers.setTimeout(
            () => this.reject(new RollcallError('timeout', 'The room did not answer in time')), timeoutMs);
    }

    resolve(roomState) {
        this.#timers.clearTimeout(this.#timer);
        this.#settle.resolve(roomState);
    }

    reject(error) {
        this.#timers.clearTimeout(this.#timer);
        this.#settle.reject(error);
    }

    /** Takes an `error` event as the answer; false if it is about something else. */
    refuse({ code, message, event }) {
        if (event !== undefined && event !== 'join_room') {
            return false;
        }
        this.reject(new RollcallError(code ?? 'internal', message || 'The room could not be entered'));
        return true;
    }
}
