// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import { createRoomClient } from '../../../resources/web/rollcall.js';
import { FakeHost } from './fakehost.mjs';
import { FakeTimers } from './faketimers.mjs';

/** A client of a FakeHost, with everything that happens to it in `events`. */
export function makeClient(options = {}) {
    const timers = new FakeTimers();
    const host = new FakeHost();
    const client = createRoomClient({
        baseUrl: 'http://host/', user: { userId: 'alice', displayName: 'Alice' }, timers, fetch: host.fetch,
        WebSocket: host.WebSocket, backoff: { random: () => 0.5 }, page: {}, ...options,
    });
    const events = [];
    client.on('*', (event, payload) => events.push({ event, payload }));
    const statuses = () => events.filter(({ event }) => event === 'status').map(({ payload }) => payload.status);
    return { timers, host, client, events, statuses };
}

/** The client is in a room. */
export async function makeMember(options) {
    const made = makeClient(options);
    const joined = made.client.join('lobby');
    await made.timers.advance(10);
    await joined;
    return made;
}

/** What a promise was rejected with, once `ms` have passed. */
export async function rejection(promise, timers, ms = 10) {
    const outcome = promise.then(() => null, (error) => error);
    await timers.advance(ms);
    return outcome;
}
