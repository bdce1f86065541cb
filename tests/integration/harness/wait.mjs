// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

/// Real time in the integration tests: conditions are awaited, never slept for.
import { setTimeout as delay } from 'node:timers/promises';

/// Repeats `attempt` until it returns something truthy, and returns that. What it throws on the way is
/// the reason given when `within` milliseconds have passed.
export async function eventually(what, attempt, { within = 5000, every = 20 } = {}) {
    const deadline = performance.now() + within;
    let last;
    for (;;) {
        try {
            last = undefined;
            const value = await attempt();
            if (value)
                return value;
        } catch (error) {
            last = error;
        }
        if (performance.now() >= deadline) {
            const reason = last ? `: ${last.message}` : '';
            throw new Error(`not within ${within} ms: ${what}${reason}`);
        }
        await delay(every);
    }
}

/// Samples `read` every `every` milliseconds for `during` milliseconds: [{atMs, value}], atMs since the start.
export async function sample(read, { every = 100, during }) {
    const start = performance.now();
    const samples = [];
    for (let index = 0; index * every <= during; ++index) {
        await delay(Math.max(0, start + index * every - performance.now()));
        const atMs = performance.now() - start;
        samples.push({ atMs, value: await read() });
    }
    return samples;
}

/// Rejects when `promise` has not settled after `milliseconds`.
export async function within(milliseconds, what, promise) {
    let timer;
    const timeout = new Promise((resolve, reject) => {
        timer = setTimeout(() => reject(new Error(`not within ${milliseconds} ms: ${what}`)), milliseconds);
    });
    try {
        return await Promise.race([promise, timeout]);
    } finally {
        clearTimeout(timer);
    }
}
