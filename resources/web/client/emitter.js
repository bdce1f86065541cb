// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

/** Named events. A listener that throws is reported to the console and does not disturb the others. */
export class Emitter {
    #listeners = new Map();

    /** Calls `listener` with each `event`; returns a function that stops that. '*' gets (event, payload) of all. */
    on(event, listener) {
        if (typeof listener !== 'function') {
            throw new TypeError('on(event, listener) needs a function');
        }
        const listeners = this.#listeners.get(event) ?? new Set();
        listeners.add(listener);
        this.#listeners.set(event, listeners);
        return () => listeners.delete(listener);
    }

    emit(event, payload) {
        for (const listener of [...(this.#listeners.get(event) ?? [])]) {
            Emitter.#call(() => listener(payload));
        }
        for (const listener of [...(this.#listeners.get('*') ?? [])]) {
            Emitter.#call(() => listener(event, payload));
        }
    }

    static #call(run) {
        try {
            run();
        } catch (error) {
            console.error(error);
        }
    }
}
