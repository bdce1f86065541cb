// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import test from 'node:test';
import { makeClient, makeMember, rejection } from './support/client.mjs';
import { roomState } from './support/fakehost.mjs';

test('a join asks for a seat and opens the room with its token', async () => {
    const { host, client, statuses } = await makeMember();
    assert.deepEqual(host.requests[0].body, {
        roomId: 'lobby', deviceType: 'desktop', user: { userId: 'alice', displayName: 'Alice' },
    });
    assert.equal(host.socket.url, 'ws://host/ws');
    const [{ payload }] = host.frames('join_room');
    assert.equal(payload.roomId, 'lobby');
    assert.equal(payload.token, 'token-1');
    assert.equal(client.roomId, 'lobby');
    assert.deepEqual(statuses(), ['connecting', 'online']);
});

test('without a room the hottest is joined', async () => {
    const { host, client, timers } = makeClient();
    const joined = client.join();
    await timers.advance(10);
    assert.equal((await joined).roomId, 'hot');
    assert.equal('roomId' in host.requests[0].body, false);
});

test('an application token identifies instead of a user', async () => {
    const { host } = await makeMember({ token: async () => 'user-token' });
    assert.equal(host.requests[0].headers.Authorization, 'Bearer user-token');
    assert.equal('user' in host.requests[0].body, false);
});

for (const [status, body, code] of [
    [404, { code: 'room_not_found', title: 'There is no such room' }, 'room_not_found'],
    [409, { code: 'room_full', title: 'The room is full' }, 'room_full'],
    [503, { code: 'no_room', title: 'No room has a free seat' }, 'no_room'],
    [503, 'a proxy says no', 'unavailable'],
    [502, '', 'internal'],
    [200, 'not JSON', 'bad_response'],
    [200, { roomId: 5 }, 'bad_response'],
]) {
    test('a seat refused with ' + status + ' ' + JSON.stringify(body) + ' is ' + code, async () => {
        const { host, client, timers, statuses } = makeClient();
        host.refusals.push({ status, body, headers: { 'Retry-After': '2' } });
        const error = await rejection(client.join('lobby'), timers);
        assert.equal(error.code, code);
        assert.equal(error.retryAfterMs, status >= 400 ? 2000 : 0);
        assert.deepEqual(statuses(), ['connecting', 'idle']);
        assert.equal(host.sockets.length, 0);
    });
}

test('a host that cannot be reached is a network error', async () => {
    const { host, client, timers } = makeClient();
    host.isReachable = false;
    assert.equal((await rejection(client.join('lobby'), timers)).code, 'network');
});

test('a host that does not answer is a timeout', async () => {
    const { host, client, timers } = makeClient();
    host.refusals.push('silent');
    assert.equal((await rejection(client.join('lobby'), timers, 5000)).code, 'timeout');
});

test('a room that does not answer is a timeout, and its connection is closed', async () => {
    const { host, client, timers } = makeClient();
    host.answersJoins = false;
    assert.equal((await rejection(client.join('lobby'), timers, 5010)).code, 'timeout');
    assert.equal(host.socket.readyState, 3);
});

test('an error event answers the join', async () => {
    const { host, client, timers } = makeClient();
    host.answersJoins = false;
    const joined = client.join('lobby');
    joined.catch(() => {});
    await timers.advance(10);
    host.socket.deliver('error', { code: 'room_full', message: 'The room is full', event: 'join_room' });
    assert.equal((await rejection(joined, timers)).code, 'room_full');
});

test('leaving sends leave_room and closes normally', async () => {
    const { host, client, statuses } = await makeMember();
    await client.leave();
    assert.deepEqual(host.frames('leave_room')[0].payload, { roomId: 'lobby' });
    assert.equal(host.socket.closedWith, 1000);
    assert.equal(client.roomId, null);
    assert.equal(statuses().pop(), 'idle');
});

test('a join given up before it was answered is cancelled and leaves nothing behind', async () => {
    const { host, client, timers } = makeClient();
    host.answersJoins = false;
    const first = client.join('lobby').catch((error) => error);
    await timers.advance(10);
    await client.leave();
    await timers.advance(10000);
    assert.equal((await first).code, 'cancelled');
    assert.equal(host.sockets.length, 1);
    assert.equal(host.socket.readyState, 3);
});

test('the newest of two joins wins', async () => {
    const { host, client, timers } = makeClient();
    const first = client.join('lobby').catch((error) => error);
    const second = client.join('garden');
    await timers.advance(20);
    assert.equal((await first).code, 'cancelled');
    assert.equal((await second).roomId, 'garden');
    assert.equal(client.roomId, 'garden');
    assert.deepEqual(host.frames('join_room').map(({ payload }) => payload.roomId), ['garden']);
});

test('members are kept up to date', async () => {
    const { host, client, timers } = await makeMember();
    const bob = { userId: 'bob', displayName: 'Bob', x: 0, y: 0, z: 0 };
    host.socket.deliver('member_joined', { member: bob });
    host.socket.deliver('avatar_transform_broadcast', { userId: 'bob', seq: 1, x: 3, y: 0, z: 1, anim: 'walk' });
    host.socket.deliver('avatar_transforms', { roomId: 'lobby', transforms: [{ userId: 'bob', seq: 2, x: 4, y: 0, z: 1 }] });
    host.socket.deliver('avatar_transform_broadcast', { userId: 'nobody', seq: 1, x: 3, y: 0, z: 1 });
    await timers.advance(1);
    assert.equal(client.members.get('bob').x, 4);
    assert.equal(client.members.get('bob').anim, 'walk');
    assert.equal(client.members.size, 1);
    host.socket.deliver('member_left', { userId: 'bob', reason: 'left' });
    await timers.advance(1);
    assert.equal(client.members.size, 0);
});

test('another room\'s state is ignored', async () => {
    const { host, client, timers } = await makeMember();
    host.socket.deliver('room_state', roomState('garden'));
    await timers.advance(1);
    assert.equal(client.roomId, 'lobby');
});

test('garbage on the connection is ignored', async () => {
    const { host, client, timers } = await makeMember();
    for (const data of ['', '{', 'null', '5', '{"t":5}', '{"t":"error","payload":null}', new ArrayBuffer(4)]) {
        host.socket.onmessage({ data });
    }
    await timers.advance(1);
    assert.equal(client.status, 'online');
});

test('movement grows its seq, is throttled, and refuses what is not a number', async () => {
    const { host, client, timers } = await makeMember();
    for (let x = 0; x < 100; x += 1) {
        client.sendTransform({ x: x / 100 });
        await timers.advance(10);
    }
    const sent = host.frames('avatar_transform').map(({ payload }) => payload);
    assert.ok(sent.length <= 17, sent.length + ' sent');
    sent.reduce((before, now) => {
        assert.ok(now.seq > before.seq);
        return now;
    });
    assert.throws(() => client.sendTransform({ x: NaN }), RangeError);
});

test('chat has 1 to 240 characters and needs a room', async () => {
    const { host, client } = await makeMember();
    client.sendChat('x'.repeat(240));
    assert.throws(() => client.sendChat('x'.repeat(241)), { code: 'out_of_range' });
    assert.throws(() => client.sendChat(''), { code: 'out_of_range' });
    assert.equal(host.frames('local_chat')[0].payload.mode, 'local');
    await client.leave();
    assert.throws(() => client.sendChat('x'), { code: 'not_in_room' });
});
