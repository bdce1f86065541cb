// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { eventually, scenario } from './harness.mjs';

/// People who are shown and should not be, made by hand: explained, and removed.

const kSecret = 'operators-of-this-test';
const kOperator = { authorization: `Bearer ${kSecret}` };

/// `rollcall presence ...`: {code, out, error}.
function rollcall(redis, ...args) {
    return new Promise(resolve => {
        execFile(process.env.ROLLCALL_BIN, ['presence', ...args, '--set', `redis.url=${redis.url}`],
            { timeout: 20000 }, (failure, out, error) => resolve({ code: failure?.code ?? 0, out, error }));
    });
}

async function hosts(s) {
    const redis = await s.redis();
    const settings = { 'redis.url': redis.url, 'admin.secret': kSecret };
    const one = await s.host({ settings: { ...settings, 'host.nodeId': 'one' } });
    const two = await s.host({ settings: { ...settings, 'host.nodeId': 'two' } });
    return { redis, one, two };
}

/// As if a node had died without anybody to know of it.
async function haunt(redis, room, user) {
    await redis.cli('SADD', `room:${room}:node:dead.1`, `user:${user}`);
    await redis.cli('SADD', `room:${room}:nodes`, 'dead.1');
    await redis.cli('SADD', `presence:page:${room}`, `user:${user}`);
    await redis.cli('ZADD', 'presence:online', Math.floor(Date.now() / 1000), `user:${user}`);
    await redis.cli('ZADD', 'rooms:occupancy', await redis.cli('SCARD', `presence:page:${room}`), room);
}

scenario('a ghost is explained, purged, and counts are exact again', async s => {
    const { redis, one, two } = await hosts(s);
    const alice = await s.member(one, 'alice', 'lobby');
    await one.counts('lobby', 1);
    await haunt(redis, 'garden', 'casper');
    await one.counts('garden', 1);
    await two.counts('garden', 1);
    // Someone enters, and is shown the ghost.
    const bob = await s.member(two, 'bob', 'garden');
    assert.deepEqual(bob.roomState.members.map(member => member.userId).sort(), ['bob', 'casper']);

    const healthy = await rollcall(redis, 'inspect', 'alice');
    assert.equal(healthy.code, 0, healthy.error);
    assert.match(healthy.out, /^USER +ROOM +VERDICT/m);
    assert.match(healthy.out, /^alice +lobby +live +active +one\.\S+ +\d/m);
    assert.match(healthy.out, /everything fits together/);

    const found = await rollcall(redis, 'inspect', 'casper');
    assert.equal(found.code, 1);
    assert.match(found.out, /^casper +garden +ghost .* dead\.1 +none/m);
    assert.match(found.out, /node dead\.1 has no lease and is not in presence:nodes: nobody will reap it/);
    const json = JSON.parse((await rollcall(redis, 'inspect', '--json', '--user', 'casper')).out);
    assert.equal(json.users[0].seats[0].verdict, 'ghost');

    const plan = await rollcall(redis, 'purge', 'casper');
    assert.equal(plan.code, 1);
    assert.match(plan.error, /--yes/);
    await one.counts('garden', 2);
    const purged = await rollcall(redis, 'purge', 'casper', '--yes');
    assert.equal(purged.code, 0, purged.error);
    assert.match(purged.out, /^casper +garden +dead\.1 +removed/m);
    await bob.next('member_left', left => left.userId === 'casper');
    await one.counts('garden', 1);
    await two.counts('garden', 1);
    await one.counts('lobby', 1);
    assert.deepEqual((await redis.keys('*casper*')), ['presence:meta:casper']);
    assert.equal((await rollcall(redis, 'inspect', '--room', 'garden')).code, 0);
    assert.equal(alice.all('member_left').length, 0);
});

scenario('operators do the same over HTTP, and a living member is asked to go', async s => {
    const { redis, one, two } = await hosts(s);
    const alice = await s.member(one, 'alice', 'lobby');
    await haunt(redis, 'lobby', 'casper');
    for (const path of ['api/admin/presence/inspect?user=alice', 'api/admin/presence/inspect?room=lobby'])
        assert.equal((await one.get(path)).status, 401);
    assert.equal((await one.post('api/admin/presence/purge', { user: 'alice' })).status, 401);
    assert.equal((await one.get('api/admin/presence/inspect', { headers: kOperator })).status, 400);

    const { body: room } = await one.get('api/admin/presence/inspect?room=lobby', { headers: kOperator });
    assert.deepEqual(room.users.map(user => [user.userId, user.seats[0].verdict]), [['alice', 'live'], ['casper', 'ghost']]);
    assert.equal(room.users[0].seats[0].here.length, 1, 'the connections of the host that was asked');
    assert.ok(room.users[0].expiresInMs > 60000);

    const { body: ghosts } = await two.post('api/admin/presence/purge', { room: 'lobby' }, kOperator);
    assert.deepEqual(ghosts.seats.map(seat => [seat.userId, seat.action]), [['alice', 'left alone'], ['casper', 'removed']]);
    await two.counts('lobby', 1);
    const { body: evicted } = await two.post('api/admin/presence/purge', { user: 'alice' }, kOperator);
    assert.deepEqual(evicted.seats.map(seat => [seat.userId, seat.action]), [['alice', 'evicted']]);
    await one.counts('lobby', 0);
    await two.counts('lobby', 0);
    assert.ok(alice.isOpen || alice.close);
});

scenario('people are asked for where nobody of them is connected', async s => {
    const { redis, one, two } = await hosts(s);
    const alice = await s.member(one, 'alice', 'lobby');
    await two.counts('lobby', 1);
    const { body: lobby } = await two.get('rooms/lobby');
    assert.deepEqual(lobby.members.map(member => member.userId), ['alice']);
    const ask = async host => (await host.post('api/presence/status', { userIds: ['alice', 'nobody'] })).body.users;
    for (const host of [one, two]) {
        const [there, never] = await ask(host);
        assert.equal(there.status, 'online');
        assert.ok(Math.abs(there.lastSeen - Date.now()) < 20000, `lastSeen ${there.lastSeen}`);
        assert.deepEqual(never, { userId: 'nobody', status: 'offline', lastSeen: 0, deviceId: '' });
    }
    alice.leave('lobby');
    await eventually('alice is offline everywhere, and was seen', async () => {
        const [gone] = await ask(two);
        return gone.status === 'offline' && gone.lastSeen > 0;
    });
    const { body: page } = await two.get('api/presence/page/?url=/docs/');
    assert.deepEqual(page, { url: '/docs', count: 0, users: [], anonymous_count: 0 });
    const { body: metrics } = await two.get('metrics');
    assert.match(metrics, /presence_api_requests_total\{call="status"\} [1-9]/);
    for (const name of readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8').matchAll(/^\| `(presence_\w+)/gm))
        assert.ok(metrics.includes(name[1]), `${name[1]} of docs/operations.md is in GET /metrics`);
    assert.equal(await redis.cli('EXISTS', 'presence:page:/docs'), '0');
});
