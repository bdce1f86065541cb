// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

/** Time that passes when the test says so. */
export class FakeTimers {
    #nowMs = 1_000_000;
    #pending = new Map();
    #next = 1;

    now = () => this.#nowMs;

    setTimeout = (run, ms = 0) => {
        const id = this.#next++;
        this.#pending.set(id, { run, atMs: this.#nowMs + ms });
        return id;
    };

    clearTimeout = (id) => {
        this.#pending.delete(id);
    };

    /** Lets `ms` pass: timers run in order, and what they resolve is awaited in between. */
    async advance(ms) {
        const untilMs = this.#nowMs + ms;
        await settle();
        for (;;) {
            const [id, due] = [...this.#pending].filter(([, timer]) => timer.atMs <= untilMs)
                .sort((a, b) => a[1].atMs - b[1].atMs || a[0] - b[0])[0] ?? [];
            if (id === undefined) {
                break;
            }
            this.#pending.delete(id);
            this.#nowMs = Math.max(this.#nowMs, due.atMs);
            due.run();
            await settle();
        }
        this.#nowMs = untilMs;
    }
}

/** Until everything that can run without time passing has run. */
export async function settle() {
    for (let turn = 0; turn < 4; turn += 1) {
        await new Promise(setImmediate);
    }
}
