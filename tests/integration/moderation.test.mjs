// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { eventually, scenario } from './harness.mjs';

/// What operators and users decide about others holds on every host, at once.

const kOperator = 'an operators\u0027 secret of a test';

async function twoHosts(s) {
    const redis = await s.redis();
    const settings = { 'redis.url': redis.url, 'presence.grace': '1s', 'admin.secret': kOperator };
    return { redis, hosts: [await s.host({ settings }), await s.host({ settings })] };
}

/// As an operator: POST with a body, or another method without.
async function decide(host, path, body, method = 'POST') {
    const { status } = await host.get(`api/admin/rooms/${path}`, {
        method, body: body && JSON.stringify(body),
        headers: { 'content-type': 'application/json', authorization: `Bearer ${kOperator}` },
    });
    assert.equal(status, 204);
}

async function block(host, user, blockedUserId, method = 'POST') {
    const [path, body] = method === 'POST'
        ? ['moderation/block', JSON.stringify({ user: { userId: user }, blockedUserId })]
        : [`moderation/block/${blockedUserId}?userId=${user}`, undefined];
    const { status } = await host.get(path, { method, body, headers: { 'content-type': 'application/json' } });
    assert.equal(status, 200);
}

const usersOf = state => state.members.map(member => member.userId).sort();

scenario('a banned user is out on every host and does not come in again', async s => {
    const { redis, hosts: [first, second] } = await twoHosts(s);
    const witness = await s.member(first, 'witness', 'lobby');
    const eve = await s.member(second, 'eve', 'lobby');
    const elsewhere = await s.member(second, 'eve', 'garden');
    await decide(first, 'lobby/ban', { userId: 'eve', durationMs: 60000, reason: 'spam' });
    const { type, reason } = await eve.next('moderation_action');
    assert.deepEqual([type, reason], ['banned', 'spam']);
    assert.equal((await eve.closed()).code, 4501);
    assert.equal((await witness.next('member_left')).reason, 'kicked');
    assert.equal(elsewhere.isOpen, true);
    assert.ok(Number(await redis.cli('ZSCORE', 'bans:lobby', 'eve')) > Date.now());

    for (const host of [first, second]) {
        const { status, body } = await host.post('rooms/join', { roomId: 'lobby', user: { userId: 'eve' } });
        assert.deepEqual([status, body.code], [409, 'blocked']);
        const again = await s.client(host, 'eve');
        again.sendJoin('lobby');
        assert.equal((await again.next('error')).code, 'blocked');
    }
    await decide(second, 'lobby/ban/eve', undefined, 'DELETE');
    await eventually('the ban is lifted on the other host', async () =>
        (await first.post('rooms/join', { roomId: 'lobby', user: { userId: 'eve' } })).status === 200);

    await decide(second, '*/ban', { userId: 'eve' });
    assert.equal((await elsewhere.closed()).code, 4501);
});

scenario('a kick sends away, on the other host and in grace too', async s => {
    const { hosts: [first, second] } = await twoHosts(s);
    const witness = await s.member(first, 'witness', 'lobby');
    const eve = await s.member(second, 'eve', 'lobby');
    await decide(first, 'lobby/kick', { userId: 'eve' });
    assert.equal((await eve.next('moderation_action')).type, 'kicked');
    assert.equal((await eve.closed()).code, 4500);
    await witness.next('member_left', left => left.userId === 'eve' && left.reason === 'kicked');
    await first.counts('lobby', 1, { within: 2000 });
    await s.member(second, 'eve', 'lobby');
});

scenario('a muted user is not heard anywhere', async s => {
    const { hosts: [first, second] } = await twoHosts(s);
    const witness = await s.member(first, 'witness', 'lobby');
    const eve = await s.member(second, 'eve', 'lobby');
    await decide(first, '*/mute', { userId: 'eve', reason: 'too loud' });
    assert.equal((await eve.next('moderation_action')).reason, 'too loud');
    eve.chat('lobby', 'can you hear me');
    assert.equal((await eve.next('moderation_action')).type, 'mutedByMod');
    await decide(second, '*/mute/eve', undefined, 'DELETE');
    eve.chat('lobby', 'and now');
    assert.equal((await witness.next('chat_broadcast')).text, 'and now');
});

scenario('a blocked user is not seen by the blocker, on whichever host', async s => {
    const { redis, hosts: [first, second] } = await twoHosts(s);
    const alice = await s.member(first, 'alice', 'lobby');
    const bob = await s.member(first, 'bob', 'lobby');
    const mallory = await s.member(second, 'mallory', 'lobby');
    await alice.next('member_joined', payload => payload.member.userId === 'mallory');
    await bob.next('member_joined', payload => payload.member.userId === 'mallory');
    await block(second, 'alice', 'mallory');
    const state = await alice.next('room_state');
    assert.deepEqual([usersOf(state), state.occupancy], [['alice', 'bob'], 3]);

    mallory.move('lobby', 1, { x: 1 });
    mallory.chat('lobby', 'hi');
    mallory.send('emote', { roomId: 'lobby', emoteId: 'wave' });
    mallory.send('away', { roomId: 'lobby' });
    for (const t of ['avatar_transform_broadcast', 'chat_broadcast', 'emote_broadcast', 'member_updated'])
        await bob.next(t);
    alice.chat('lobby', 'a receipt comes after all that');
    await alice.next('chat_broadcast', payload => payload.userId === 'alice');
    for (const t of ['avatar_transform_broadcast', 'chat_broadcast', 'emote_broadcast', 'member_updated'])
        assert.equal(alice.all(t, payload => payload.userId === 'mallory').length, 0);
    await mallory.next('chat_broadcast', payload => payload.userId === 'alice');

    // Kept: a new connection of either knows it, on either host.
    assert.equal(await redis.cli('SMEMBERS', 'blocks:alice'), 'mallory');
    const again = await s.member(second, 'alice', 'lobby');
    assert.deepEqual(usersOf(again.roomState), ['alice', 'bob']);

    await block(first, 'alice', 'mallory', 'DELETE');
    for (const client of [alice, again])
        assert.deepEqual(usersOf(await client.next('room_state')), ['alice', 'bob', 'mallory']);
});
