// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { eventually, sample, scenario } from './harness.mjs';

/// Two hosts on one Redis are one service.

const kSettings = { 'presence.ttl': '20s', 'presence.heartbeat': '5s', 'presence.grace': '1s' };

async function twoHosts(s, settings = {}) {
    const redis = await s.redis();
    const options = { settings: { ...kSettings, 'redis.url': redis.url, ...settings } };
    const hosts = [await s.host(options), await s.host(options)];
    return { redis, hosts };
}

scenario('a member on each: chat, movement and counts go across', async s => {
    const { hosts: [first, second] } = await twoHosts(s);
    const alice = await s.member(first, 'alice', 'lobby');
    const bob = await s.member(second, 'bob', 'lobby');
    assert.deepEqual(bob.roomState.members.map(member => member.userId).sort(), ['alice', 'bob']);
    assert.equal(bob.roomState.occupancy, 2);
    assert.equal((await alice.next('member_joined')).member.userId, 'bob');

    alice.chat('lobby', 'hello over there');
    assert.equal((await bob.next('chat_broadcast')).text, 'hello over there');
    bob.chat('lobby', 'hello back');
    assert.equal((await alice.next('chat_broadcast', payload => payload.userId === 'bob')).text, 'hello back');
    alice.move('lobby', 1, { x: 4.5, anim: 'dance' });
    const seen = await bob.next('avatar_transform_broadcast');
    assert.deepEqual([seen.userId, seen.x, seen.anim], ['alice', 4.5, 'dance']);
    bob.move('lobby', 1, { x: -1 });
    assert.equal((await alice.next('avatar_transform_broadcast')).userId, 'bob');

    await first.counts('lobby', 2, { within: 2000 });
    await second.counts('lobby', 2, { within: 2000 });
    bob.leave('lobby');
    await alice.next('member_left', left => left.userId === 'bob' && left.reason === 'left');
    await first.counts('lobby', 1, { within: 2000 });
    await second.counts('lobby', 1, { within: 2000 });
});

scenario('a token issued by one host opens the room on the other', async s => {
    const { hosts: [first, second] } = await twoHosts(s);
    for (const [issuer, other, user] of [[first, second, 'alice'], [second, first, 'bob']]) {
        const { status, body } = await issuer.post('rooms/join', {
            roomId: 'lobby', deviceType: 'desktop', user: { userId: user, displayName: user },
        });
        assert.equal(status, 200);
        const client = await s.client(other, user);
        await client.join('lobby', { token: body.realtimeToken });
        const imposter = await s.client(other, 'mallory');
        imposter.sendJoin('lobby', { token: body.realtimeToken });
        assert.equal((await imposter.next('auth_error')).reason, 'forbidden');
    }
});

scenario('a user on both hosts counts once, and leaves with the last connection', async s => {
    const { hosts: [first, second] } = await twoHosts(s);
    const witness = await s.member(first, 'witness', 'lobby');
    const here = await s.member(first, 'alice', 'lobby');
    const there = await s.member(second, 'alice', 'lobby');
    await second.counts('lobby', 2, { within: 2000 });
    await first.counts('lobby', 2, { within: 2000 });
    here.end();
    const counts = await sample(() => first.occupancy('lobby'), { during: 1500 });
    assert.deepEqual([...new Set(counts.map(each => each.value))], [2]);
    assert.equal(witness.all('member_left').length, 0);
    there.end();
    assert.equal((await witness.next('member_left')).userId, 'alice');
    await first.counts('lobby', 1, { within: 2000 });
});

scenario('a newcomer sees where those on the other host are', async s => {
    const { redis, hosts: [first, second] } = await twoHosts(s);
    const alice = await s.member(first, 'alice', 'lobby');
    alice.move('lobby', 3, { x: 7, z: 8, anim: 'wave' });
    await eventually('the position is in Redis', async () =>
        await redis.cli('HEXISTS', 'room:lobby:transforms', 'alice') === '1', { within: 3000 });
    const bob = await s.member(second, 'bob', 'lobby');
    const shown = bob.roomState.members.find(member => member.userId === 'alice');
    assert.deepEqual([shown.x, shown.z, shown.anim], [7, 8, 'wave']);
});

scenario('who is away is away on both hosts, also for newcomers', async s => {
    const { hosts: [first, second] } = await twoHosts(s);
    const alice = await s.member(first, 'alice', 'lobby');
    const bob = await s.member(second, 'bob', 'lobby');
    await alice.next('member_joined');
    alice.send('away', { roomId: 'lobby' });
    const seen = await bob.next('member_updated');
    assert.deepEqual([seen.userId, seen.state], ['alice', 'away']);
    await alice.next('member_updated', payload => payload.userId === 'alice' && payload.state === 'away');
    for (const [host, user] of [[first, 'carol'], [second, 'dave']]) {
        const { roomState } = await s.member(host, user, 'lobby');
        assert.equal(roomState.members.find(member => member.userId === 'alice').state, 'away');
        assert.equal(roomState.members.find(member => member.userId === 'bob').state, 'active');
    }
    alice.send('active', { roomId: 'lobby' });
    assert.equal((await bob.next('member_updated')).state, 'active');
    assert.equal(bob.all('member_left').length, 0);
});

scenario('a large room on two hosts: deltas, then only the count, then the list again', async s => {
    const { hosts: [first, second] } = await twoHosts(s, {
        'realtime.fullPresenceMembers': 3, 'realtime.deltaPresenceMembers': 6,
        'realtime.presenceDeltaInterval': '300ms', 'realtime.presenceCountInterval': '300ms',
    });
    const alice = await s.member(first, 'alice', 'lobby');
    const bob = await s.member(second, 'bob', 'lobby');
    const others = [];
    for (let i = 0; i < 2; ++i)
        others.push(await s.member([first, second][i % 2], `other-${i}`, 'lobby'));
    assert.equal((await alice.next('presence_mode')).mode, 'delta');
    assert.equal((await bob.next('presence_mode')).mode, 'delta');
    others.push(await s.member(second, 'other-2', 'lobby'));
    assert.equal(others[2].roomState.mode, 'delta');
    assert.equal(others[2].roomState.members.length, 5);
    const delta = await alice.next('presence_delta', payload => payload.joined.some(({ userId }) => userId === 'other-2'));
    assert.equal(delta.occupancy, 5);
    for (let i = 3; i < 5; ++i)
        others.push(await s.member([first, second][i % 2], `other-${i}`, 'lobby'));
    assert.equal((await alice.next('presence_mode')).mode, 'count');
    assert.equal((await bob.next('presence_mode')).mode, 'count');
    assert.deepEqual(others[4].roomState.members.map(member => member.userId), ['other-4']);
    others.forEach(other => other.end());
    for (const client of [alice, bob]) {
        assert.equal((await client.next('presence_mode', payload => payload.mode === 'full')).occupancy, 2);
        const state = await client.next('room_state', payload => payload.mode === 'full');
        assert.deepEqual(state.members.map(member => member.userId).sort(), ['alice', 'bob']);
    }
});

scenario('a user who sends through both hosts is limited as one', async s => {
    const { hosts: [first, second] } = await twoHosts(s, {
        'limits.chatPerSecond': 20, 'limits.chatBurst': 20, 'rateLimit.notify': true, 'rateLimit.debug': true,
    });
    const here = await s.member(first, 'alice', 'lobby');
    const there = await s.member(second, 'alice', 'lobby');
    // Each connection stays below 20/s; both together are far above.
    const talk = setInterval(() => [here, there].forEach(client => client.chat('lobby', 'hi')), 60);
    try {
        await eventually('one is told', () =>
            [here, there].some(client => client.all('rate_limited', ({ event }) => event === 'local_chat').length > 0));
    } finally {
        clearInterval(talk);
    }
    assert.ok([first, second].some(host => host.process.lines.some(line => /dropped chat.*on all nodes together/.test(line))));
});

scenario('a newer connection of the same device replaces the older one on the other host', async s => {
    const { hosts: [first, second] } = await twoHosts(s);
    const witness = await s.member(first, 'witness', 'lobby');
    const enter = async host => {
        const client = await s.client(host, 'alice');
        client.send('join_room', { roomId: 'lobby', user: { userId: 'alice' }, deviceType: 'desktop', deviceId: 'laptop' });
        await client.next('room_state');
        return client;
    };
    const older = await enter(first);
    const newer = await enter(second);
    assert.equal((await older.closed()).code, 4005);
    for (const host of [first, second]) {
        await eventually('the status names the device', async () => {
            const { body } = await host.post('api/presence/status', { userIds: ['alice'] });
            return body.users[0].status === 'online' && body.users[0].deviceId === 'laptop';
        });
    }
    newer.chat('lobby', 'still here');
    await witness.next('chat_broadcast');
    assert.equal(witness.all('member_left').length, 0);
    assert.equal(newer.isOpen, true);
});

scenario('the members of a host that is killed are reaped by the other', async s => {
    // Below a young Redis nobody is reaped for two leases: a short one.
    const lease = { 'presence.lease': '2s', 'presence.leaseInterval': '500ms' };
    const { redis, hosts: [first, second] } = await twoHosts(s, lease);
    const alice = await s.member(first, 'alice', 'lobby');
    await s.member(second, 'bob', 'lobby');
    await alice.next('member_joined');
    await first.counts('lobby', 2, { within: 2000 });
    second.expectedExit = { code: null, signal: 'SIGKILL' };
    await second.process.stop('SIGKILL');
    await alice.next('member_left', left => left.userId === 'bob' && left.reason === 'lost', { timeout: 8000 });
    await first.counts('lobby', 1, { within: 1000 });
    assert.equal(await redis.cli('ZSCORE', 'rooms:occupancy', 'lobby'), '1');
    assert.deepEqual(await redis.lines('SMEMBERS', 'presence:page:lobby'), ['user:alice']);
});

scenario('Redis comes back under two hosts: everybody is counted once on both', async s => {
    const { redis, hosts: [first, second] } = await twoHosts(s);
    const alice = await s.member(first, 'alice', 'lobby');
    const bob = await s.member(second, 'bob', 'lobby');
    await first.counts('lobby', 2, { within: 2000 });
    await second.counts('lobby', 2, { within: 2000 });
    await redis.kill();
    await eventually('both say stale', async () =>
        (await first.rooms()).stale && (await second.rooms()).stale, { within: 3000 });
    assert.equal(await first.occupancy('lobby'), 2);
    assert.equal(await second.occupancy('lobby'), 2);
    redis.wipe();
    await redis.start();
    await eventually('Redis counts both', async () =>
        await redis.cli('ZSCORE', 'rooms:occupancy', 'lobby') === '2', { within: 3000 });
    await first.counts('lobby', 2);
    await second.counts('lobby', 2);
    alice.chat('lobby', 'across again');
    await bob.next('chat_broadcast', payload => payload.text === 'across again');
    assert.equal(alice.all('member_left').length + bob.all('member_left').length, 0);
});
