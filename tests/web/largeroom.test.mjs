// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import test from 'node:test';
import { makeMember } from './support/client.mjs';
import { roomState } from './support/fakehost.mjs';

const member = (userId, more) => ({ userId, displayName: userId, avatarId: 'fox', state: 'active', x: 0, z: 0, ...more });

/** A client in a room in mode `delta`, and what it tells the application from then on. */
async function inLargeRoom(...userIds) {
    const { host, client, timers } = await makeMember();
    const deliver = async (event, payload) => {
        host.socket.deliver(event, { roomId: 'lobby', ...payload });
        await timers.advance(10);
    };
    await deliver('room_state', { ...roomState('lobby'), mode: 'delta', members: ['alice', ...userIds].map((id) => member(id)) });
    const events = [];
    for (const name of ['member_joined', 'member_left', 'member_updated', 'presence_mode', 'presence_delta']) {
        client.on(name, (payload) => events.push([name, payload.userId ?? payload.member?.userId ?? payload.mode]));
    }
    return { client, deliver, events };
}

test('a delta becomes the events of small rooms', async () => {
    const { client, deliver, events } = await inLargeRoom('bob', 'carol');
    await deliver('presence_delta', {
        joined: [member('dave'), member('alice')],
        left: [{ userId: 'bob', reason: 'lost' }, { userId: 'never-seen', reason: 'left' }],
        updated: [member('carol', { state: 'away' }), member('erin')], occupancy: 4,
    });
    assert.deepEqual(events, [
        ['member_joined', 'dave'], ['member_updated', 'alice'], ['member_updated', 'carol'], ['member_joined', 'erin'],
        ['member_left', 'bob'],
    ]);
    assert.deepEqual([...client.members.keys()].sort(), ['alice', 'carol', 'dave', 'erin']);
    assert.equal(client.members.get('carol').state, 'away');
    assert.equal(client.occupancy, 4);
});

test('in a very large room there is a number and ourselves', async () => {
    const { client, deliver, events } = await inLargeRoom('bob');
    await deliver('presence_mode', { mode: 'count', occupancy: 1001 });
    assert.deepEqual([...client.members.keys()], ['alice']);
    assert.equal(client.occupancy, 1001);
    await deliver('presence_count', { occupancy: 1200 });
    assert.equal(client.occupancy, 1200);
    assert.deepEqual(events, [['presence_mode', 'count']]);
});

test('a room that shrinks is listed again', async () => {
    const { client, deliver } = await inLargeRoom();
    await deliver('presence_mode', { mode: 'count', occupancy: 1001 });
    await deliver('presence_mode', { mode: 'delta', occupancy: 3 });
    await deliver('room_state', { ...roomState('lobby'), mode: 'delta', members: ['alice', 'bob', 'carol'].map((id) => member(id)) });
    assert.equal(client.occupancy, 3);
    assert.equal(client.members.size, 3);
});
