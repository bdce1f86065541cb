// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { eventually, scenario } from './harness.mjs';

/// kill -9 of Redis under a room with people in it, and its return.

const kSettings = { 'presence.ttl': '20s', 'presence.heartbeat': '5s', 'presence.grace': '1s' };

/// What Redis holds about the room, as PRESENCE.md lays it out.
async function projection(redis, room) {
    const [members, occupancy, json] = await Promise.all([
        redis.lines('SMEMBERS', `presence:page:${room}`),
        redis.cli('ZSCORE', 'rooms:occupancy', room),
        redis.keys(`room:${room}:user:*`),
    ]);
    return { members: members.sort(), occupancy, json };
}

for (const comesBack of ['empty', 'with its old data']) {
    scenario(`Redis is killed and comes back ${comesBack}`, async s => {
        const redis = await s.redis();
        const host = await s.host({ settings: { ...kSettings, 'redis.url': redis.url } });
        const alice = await s.member(host, 'alice', 'lobby');
        const bob = await s.member(host, 'bob', 'lobby');
        const leaver = await s.member(host, 'leaver', 'lobby');
        await eventually('Redis knows the three', async () =>
            (await projection(redis, 'lobby')).occupancy === '3', { within: 2000 });
        await host.counts('lobby', 3);

        await redis.kill();
        await eventually('GET /rooms says stale', async () => (await host.rooms()).stale, { within: 3000 });
        const list = await host.get('rooms');
        assert.equal(list.body.rooms.find(room => room.id === 'lobby').estimatedOccupancy, 3);
        assert.ok(list.headers.has('x-rollcall-stale'));
        const ready = await host.get('ready');
        assert.equal(ready.status, 200);
        assert.equal(ready.body.status, 'degraded');
        assert.match(JSON.stringify(ready.body), /redis/i);

        bob.move('lobby', 1, { x: 9 });
        assert.equal((await alice.next('avatar_transform_broadcast')).x, 9);
        alice.chat('lobby', 'no Redis, no problem');
        assert.equal((await bob.next('chat_broadcast')).text, 'no Redis, no problem');
        leaver.leave('lobby');
        await alice.next('member_left', payload => payload.userId === 'leaver');
        await host.counts('lobby', 2);
        const newcomer = await s.member(host, 'newcomer', 'lobby');
        assert.equal(newcomer.roomState.occupancy, 3);

        if (comesBack === 'empty')
            redis.wipe();
        await redis.start(); // it has answered PING when this returns
        await eventually('keys and counts are right', async () => {
            const now = await projection(redis, 'lobby');
            assert.deepEqual(now.members, ['user:alice', 'user:bob', 'user:newcomer']);
            assert.equal(now.occupancy, '3');
            assert.deepEqual(now.json, ['alice', 'bob', 'newcomer'].map(user => `room:lobby:user:${user}`));
            assert.equal(await redis.cli('EXISTS', 'presence:user:alice', 'presence:user:bob', 'presence:user:newcomer'), '3');
            return true;
        }, { within: 3000 });
        await eventually('the list is fresh again', async () => !(await host.rooms()).stale, { within: 3000 });
        await host.counts('lobby', 3);
        await host.ready();
        for (const client of [alice, bob, leaver, newcomer])
            assert.ok(client.isOpen, `${client.user} had to reconnect`);
        bob.chat('lobby', 'after');
        await alice.next('chat_broadcast', payload => payload.text === 'after');
        assert.equal(alice.all('member_left').length, 1, 'nobody else left');
        const { body } = await host.get('rooms/lobby');
        assert.deepEqual(body.members.map(member => member.userId).sort(), ['alice', 'bob', 'newcomer']);
    });
}

scenario('a host whose Redis is not there yet starts degraded and recovers by itself', async s => {
    const redis = await s.redis();
    await redis.kill();
    const host = await s.host({ isReady: false, settings: { ...kSettings, 'redis.url': redis.url } });
    await host.ready(body => body.status === 'degraded');
    const alice = await s.member(host, 'alice', 'lobby');
    alice.chat('lobby', 'hello');
    await alice.next('chat_broadcast');
    await redis.start();
    await eventually('Redis learns of alice', async () =>
        (await projection(redis, 'lobby')).occupancy === '1', { within: 3000 });
    await host.ready();
    assert.ok(alice.isOpen);
});

scenario('an embedded Redis that dies is started again', async s => {
    const host = await s.host({ settings: kSettings });
    const alice = await s.member(host, 'alice', 'lobby');
    const socket = await host.embeddedRedis();
    const pid = Number((await host.redisCli('INFO', 'server')).match(/process_id:(\d+)/)[1]);
    process.kill(pid, 'SIGKILL');
    await eventually('another redis-server answers on the same socket', async () => {
        const info = await host.redisCli('INFO', 'server');
        return Number(info.match(/process_id:(\d+)/)[1]) !== pid;
    }, { within: 5000 });
    await eventually('it knows alice', async () =>
        await host.redisCli('ZSCORE', 'rooms:occupancy', 'lobby') === '1', { within: 3000 });
    assert.equal(await host.embeddedRedis(), socket);
    await host.ready();
    alice.chat('lobby', 'still here');
    await alice.next('chat_broadcast');
});

scenario('the embedded Redis ends with its host, also when the host is killed', async s => {
    const host = await s.host();
    const pid = Number((await host.redisCli('INFO', 'server')).match(/process_id:(\d+)/)[1]);
    host.expectedExit = { code: null, signal: 'SIGKILL' };
    host.process.signal('SIGKILL');
    await eventually('the redis-server is gone', () => {
        try {
            process.kill(pid, 0);
            return false;
        } catch (error) {
            return error.code === 'ESRCH';
        }
    });
});

scenario('without a redis-server program one host does its work in memory, and says so', async s => {
    const host = await s.host({ isReady: false, settings: { ...kSettings, 'redis.serverBinary': '/nonexistent/redis-server' } });
    await host.ready();
    const alice = await s.member(host, 'alice', 'lobby');
    const bob = await s.member(host, 'bob', 'lobby');
    await host.counts('lobby', 2);
    alice.chat('lobby', 'hello');
    await bob.next('chat_broadcast');
    alice.drop();
    await bob.next('member_left', left => left.userId === 'alice' && left.reason === 'lost');
    await host.counts('lobby', 1);
    assert.ok(host.process.lines.some(line => /warning.*redis/i.test(line)), 'a warning names the reason');
});

scenario('presence.enabled = false: connections alone count, and Redis stays empty', async s => {
    const redis = await s.redis();
    const host = await s.host({ settings: { 'redis.url': redis.url, 'presence.enabled': false } });
    const alice = await s.member(host, 'alice', 'lobby');
    await s.member(host, 'bob', 'lobby');
    await host.counts('lobby', 2);
    alice.end();
    await host.counts('lobby', 1);
    assert.deepEqual(await redis.keys('presence:user:*'), []);
    assert.equal(await redis.cli('EXISTS', 'rooms:occupancy'), '0');
});
