// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import test from 'node:test';
import { chooseProvider, optionsFrom } from '../../resources/web/rollcall.js';
import { makeClient, rejection } from './support/client.mjs';

const kRooms = [
    { id: 'a', name: 'A', theme: 'plaza', region: 'eu', capacity: 10, bots: 3 },
    { id: 'b', name: 'B', theme: 'plaza', region: 'us', capacity: 10, bots: 5 },
    { id: 'full', name: 'Full', theme: 'plaza', region: 'us', capacity: 6, bots: 6 },
];

/** Dice that are the same in every run. */
function makeRandom() {
    let state = 7;
    return () => {
        state = (state * 16807) % 2147483647;
        return state / 2147483647;
    };
}

async function makeSimulation(roomId, options = {}) {
    const made = makeClient({
        provider: 'sim', fetch: undefined, WebSocket: undefined, transformsPerSecond: 0,
        simulation: { rooms: kRooms, random: makeRandom(), latencyMs: 20 }, ...options,
    });
    if (roomId !== undefined) {
        const joined = made.client.join(roomId ?? undefined);
        await made.timers.advance(20);
        made.state = await joined;
    }
    return { ...made, of: (name) => made.events.filter(({ event }) => event === name).map(({ payload }) => payload) };
}

test('the list has the members of GET /rooms and counts the visitor', async () => {
    const { client, timers } = await makeSimulation('a');
    const listed = client.listRooms();
    await timers.advance(20);
    const { rooms, stale } = await listed;
    assert.equal(stale, false);
    const [room] = rooms;
    assert.deepEqual(Object.keys(room).sort(), ['capacity', 'connections', 'estimatedOccupancy', 'full', 'id', 'isPrivate',
        'name', 'region', 'reserved', 'theme']);
    assert.equal(room.estimatedOccupancy, 4);
    assert.equal(rooms[2].full, true);
});

test('room_state has everybody, and the bots live', async () => {
    const { client, timers, of, state } = await makeSimulation('a');
    assert.equal(state.members.length, 4);
    assert.equal(client.members.get('alice').displayName, 'Alice');
    await timers.advance(60000);
    assert.ok(of('avatar_transform_broadcast').length > 100);
    assert.ok(of('chat_broadcast').length > 0);
    assert.ok(of('member_joined').length + of('member_left').length > 0);
    assert.equal(of('avatar_transform_broadcast').some(({ userId }) => userId === 'alice'), false);
});

test('the hottest room with a free seat is chosen', async () => {
    const { state } = await makeSimulation(null);
    assert.equal(state.roomId, 'b');
});

test('full and unknown rooms refuse as the host does', async () => {
    const { client, timers } = await makeSimulation();
    const full = await rejection(client.join('full'), timers, 20);
    assert.equal(full.code, 'room_full');
    assert.equal(full.status, 409);
    const unknown = await rejection(client.join('nowhere'), timers, 20);
    assert.equal(unknown.code, 'room_not_found');
    assert.equal(client.status, 'idle');
});

test('what we say comes back, and a greeting is answered', async () => {
    const { client, timers, of } = await makeSimulation('a');
    client.sendChat('Hello!');
    await timers.advance(20);
    assert.equal(of('chat_broadcast')[0].userId, 'alice');
    await timers.advance(1000);
    assert.ok(of('chat_broadcast').some(({ text }) => text.includes('Alice')));
});

test('chat beyond the limit is dropped with a notice', async () => {
    const { client, timers, of } = await makeSimulation('a');
    for (let count = 0; count < 14; count += 1) {
        client.sendChat('line ' + count);
    }
    await timers.advance(40);
    assert.equal(of('chat_broadcast').filter(({ userId }) => userId === 'alice').length, 10);
    assert.deepEqual(of('rate_limited'), [{ event: 'local_chat', limitPerSecond: 5, dropped: 1 }]);
});

test('movement abuse closes with 4505', async () => {
    const { client, timers, of } = await makeSimulation('a');
    for (let count = 0; count < 12000 && client.status === 'online'; count += 1) {
        client.sendTransform({ x: (count % 100) / 100 });
        await timers.advance(2);
    }
    assert.equal(client.status, 'closed');
    assert.equal(of('status').pop().closeCode, 4505);
});

test('it goes on after leaving and joining again', async () => {
    const { client, timers } = await makeSimulation('a');
    await client.leave();
    const joined = client.join('b');
    await timers.advance(20);
    assert.equal((await joined).members.length, 6);
    client.disconnect();
    assert.equal(client.status, 'closed');
});

test('the provider comes from the address, then from the host', () => {
    assert.equal(chooseProvider({}, ''), 'ws');
    assert.equal(chooseProvider({ REALTIME_PROVIDER: 'ws', USE_MOCK_REALTIME: false }, ''), 'ws');
    assert.equal(chooseProvider({ USE_MOCK_REALTIME: true }, ''), 'sim');
    assert.equal(chooseProvider({ USE_MOCK_REALTIME: 'true' }, ''), 'sim');
    assert.equal(chooseProvider({ REALTIME_PROVIDER: 'sim' }, ''), 'sim');
    assert.equal(chooseProvider({ USE_MOCK_REALTIME: true }, '?provider=ws'), 'ws');
    assert.equal(chooseProvider({}, '?provider=sim'), 'sim');
    assert.equal(chooseProvider({}, '?provider=__proto__'), 'ws');
});

test('the pause between attempts comes from the host', () => {
    assert.deepEqual(optionsFrom({ REALTIME_RECONNECT_INTERVAL_MS: 4000 }, ''),
                     { provider: 'ws', backoff: { baseMs: 1000, fastMaxMs: 2800 } });
    assert.deepEqual(optionsFrom({ REALTIME_RECONNECT_INTERVAL_MS: 'soon' }, '').backoff, { baseMs: 250, fastMaxMs: 700 });
});

test('an unknown provider is a programming error', () => {
    assert.throws(() => makeClient({ provider: 'smoke' }), TypeError);
});
