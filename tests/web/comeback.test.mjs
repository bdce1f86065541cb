// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import test from 'node:test';
import { mayComeBack } from '../../resources/web/client/closecodes.js';
import { makeMember } from './support/client.mjs';

test('close codes say who may come back', () => {
    for (const code of [1001, 1005, 1006, 1011, 1012, 4000, 4001, 4002, 4003, 4004, 4499]) {
        assert.equal(mayComeBack(code), true, String(code));
    }
    for (const code of [1000, 1002, 1003, 1007, 1009, 4005, 4500, 4501, 4502, 4503, 4504, 4505, 4999]) {
        assert.equal(mayComeBack(code), false, String(code));
    }
});

test('a lost connection comes back with a new seat, to the same place', async () => {
    const { host, client, timers, statuses } = await makeMember();
    client.sendTransform({ x: 3, z: 2 });
    host.socket.lose(1006);
    assert.equal(client.status, 'reconnecting');
    assert.equal(client.roomId, 'lobby');
    await timers.advance(1000);
    assert.deepEqual(statuses(), ['connecting', 'online', 'reconnecting', 'online']);
    assert.equal(host.frames('join_room')[1].payload.token, 'token-2');
    const [first, again] = host.frames('avatar_transform').map(({ payload }) => payload);
    assert.equal(again.x, 3);
    assert.ok(again.seq > first.seq);
});

test('two seconds without a host are over within three', async () => {
    for (const dice of [0, 0.5, 0.999]) {
        const { host, client, timers } = await makeMember({ backoff: { random: () => dice } });
        host.isReachable = false;
        host.socket.lose(1006);
        await timers.advance(2000);
        assert.equal(client.status, 'reconnecting');
        host.isReachable = true;
        await timers.advance(1000);
        assert.equal(client.status, 'online', 'with dice ' + dice);
    }
});

test('a final close code ends the stay', async () => {
    const { host, client, timers, events } = await makeMember();
    host.socket.lose(4500);
    await timers.advance(60000);
    assert.equal(client.status, 'closed');
    assert.equal(client.roomId, null);
    assert.equal(events.pop().payload.closeCode, 4500);
    assert.equal(host.sockets.length, 1);
});

test('a room that is gone meanwhile ends the stay with its code', async () => {
    const { host, client, timers, events } = await makeMember();
    host.refusals.push({ status: 404, body: { code: 'room_not_found' } });
    host.socket.lose(1006);
    await timers.advance(60000);
    assert.equal(client.status, 'closed');
    assert.equal(events.pop().payload.code, 'room_not_found');
});

test('Retry-After is honoured', async () => {
    const { host, client, timers } = await makeMember();
    host.refusals.push({ status: 503, body: { code: 'unavailable' }, headers: { 'Retry-After': '5' } });
    host.socket.lose(1006);
    await timers.advance(5000);
    assert.equal(host.requests.length, 2);
    assert.equal(client.status, 'reconnecting');
    await timers.advance(1000);
    assert.equal(client.status, 'online');
});

test('an attempt that the room does not answer is closed so that the seat stays held', async () => {
    const { host, client, timers } = await makeMember();
    host.answersJoins = false;
    host.socket.lose(1006);
    await timers.advance(6000);
    assert.notEqual(host.sockets[1].closedWith, 1000);
    host.answersJoins = true;
    await timers.advance(6000);
    assert.equal(client.status, 'online');
});

test('leaving ends the attempts', async () => {
    const { host, client, timers } = await makeMember();
    host.isReachable = false;
    host.socket.lose(1006);
    await timers.advance(3000);
    const { length } = host.requests;
    await client.leave();
    await timers.advance(60000);
    assert.equal(host.requests.length, length);
    assert.equal(client.status, 'idle');
});

test('a drained host is left when it asks, and come back to', async () => {
    const { host, client, timers } = await makeMember();
    host.socket.deliver('draining', { reconnectInMs: 700 });
    await timers.advance(699);
    assert.equal(client.status, 'online');
    await timers.advance(1000);
    assert.equal(host.sockets[0].closedWith, 4000);
    assert.equal(host.sockets.length, 2);
    assert.equal(client.status, 'online');
});

test('a drained host that names another node is left for that one, and is not asked again', async () => {
    const { host, client, timers } = await makeMember();
    host.socket.deliver('draining', { reconnectInMs: 700, url: 'ws://other:8081/ws' });
    await timers.advance(1700);
    assert.equal(client.status, 'online');
    assert.deepEqual(host.requests.map(({ origin }) => origin), ['http://host', 'http://other:8081']);
    // The next loss is an ordinary one.
    host.socket.lose(1006);
    await timers.advance(1000);
    assert.equal(client.status, 'online');
    assert.equal(host.requests.at(-1).origin, 'http://host');
});

test('a host that closes before its time has sent us away all the same', async () => {
    const { host, client, timers } = await makeMember();
    host.socket.deliver('draining', { reconnectInMs: 60000, url: 'wss://other/ws' });
    await timers.advance(1);
    host.socket.lose(4000);
    await timers.advance(1000);
    assert.equal(client.status, 'online');
    assert.equal(host.requests.at(-1).origin, 'https://other');
});

test('a node that does not answer is not insisted on', async () => {
    const { host, client, timers } = await makeMember();
    host.socket.deliver('draining', { reconnectInMs: 0, url: 'ws://other/ws' });
    host.refusals.push('unreachable');
    await timers.advance(2000);
    assert.equal(client.status, 'online');
    assert.deepEqual(host.requests.map(({ origin }) => origin), ['http://host', 'http://other', 'http://host']);
});

test('no page is sent where it may not go', async () => {
    for (const url of ['ws://other/ws', 'javascript:alert(1)', 'https://other/', 'ws://', 7, '']) {
        const { host, client, timers } = await makeMember({ baseUrl: 'https://host/' });
        host.socket.deliver('draining', { reconnectInMs: 0, url });
        await timers.advance(1000);
        assert.equal(client.status, 'online', String(url));
        assert.equal(host.requests.at(-1).origin, 'https://host', String(url));
    }
});

test('a refused token is replaced on the same connection', async () => {
    const { host, client, timers, events } = await makeMember();
    host.socket.deliver('auth_error', { reason: 'token_expired', message: 'The token has expired' });
    await timers.advance(10);
    assert.deepEqual(host.frames('refresh_token')[0].payload, { token: 'token-2' });
    assert.equal(host.sockets.length, 1);
    assert.equal(client.status, 'online');
    assert.ok(events.some(({ event }) => event === 'auth_error'));
});

test('a host that refuses every token is not asked for ever', async () => {
    const { host, timers } = await makeMember();
    for (let count = 0; count < 10; count += 1) {
        host.socket.deliver('auth_error', { reason: 'invalid_token' });
        await timers.advance(100);
    }
    assert.equal(host.frames('refresh_token').length, 3);
    await timers.advance(120000);
    host.socket.deliver('auth_error', { reason: 'token_expired' });
    await timers.advance(100);
    assert.equal(host.frames('refresh_token').length, 4);
});

test('a membership that expired is taken up again', async () => {
    const { host, client, timers, statuses } = await makeMember();
    host.socket.deliver('error', { code: 'not_in_room', message: 'You are not in this room' });
    await timers.advance(1);
    assert.equal(client.status, 'lost');
    assert.equal(host.frames('heartbeat').length, 1);
    host.socket.deliver('room_state', { roomId: 'lobby', members: [], heartbeatIntervalMs: 25000 });
    await timers.advance(1);
    assert.equal(client.status, 'online');
    assert.equal(statuses().filter((status) => status === 'lost').length, 1);
});

test('heartbeats go out as the room asks, and a silent host is replaced', async () => {
    const { host, client, timers, statuses } = await makeMember();
    for (let count = 0; count < 3; count += 1) {
        await timers.advance(25000);
        host.socket.deliver('heartbeat_ack', { roomId: 'lobby' });
        await timers.advance(1);
    }
    assert.equal(host.frames('heartbeat').length, 3);
    await timers.advance(35000);
    assert.equal(client.status, 'stale');
    await timers.advance(11000);
    assert.equal(host.sockets.length, 2);
    assert.deepEqual(statuses().slice(-3), ['stale', 'reconnecting', 'online']);
});

test('a kick is told and final', async () => {
    const { host, client, timers, events } = await makeMember();
    host.socket.deliver('moderation_action', { type: 'kicked', reason: 'Spam' });
    await timers.advance(60000);
    assert.equal(client.status, 'closed');
    assert.deepEqual(events.slice(-2).map(({ event }) => event), ['moderation_action', 'status']);
    assert.equal(events.pop().payload.message, 'Spam');
});

test('the network coming back ends the waiting', async () => {
    const window = new EventTarget();
    const page = { window, navigator: { onLine: false } };
    const { host, client, timers } = await makeMember({ page, backoff: { baseMs: 60000, fastMaxMs: 60000, maxMs: 60000 } });
    window.dispatchEvent(new Event('offline'));
    assert.equal(client.status, 'offline');
    host.socket.lose(1006);
    await timers.advance(1000);
    assert.equal(client.status, 'offline');
    page.navigator.onLine = true;
    window.dispatchEvent(new Event('online'));
    await timers.advance(10);
    assert.equal(client.status, 'online');
});

test('away is told again after an outage', async () => {
    const { host, client, timers } = await makeMember();
    client.setAway(true);
    host.socket.lose(1006);
    await timers.advance(2000);
    assert.equal(host.frames('away').length, 2);
});
