// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { eventually, sample, scenario } from './harness.mjs';

/// The embedded Redis, seen with redis-cli as an operator would.

const kTtl = 6000;
const kSettings = { 'presence.ttl': `${kTtl}ms`, 'presence.heartbeat': '1s' };

scenario('the keys of a member are there, with TTLs that fall and are refreshed', async s => {
    const host = await s.host({ settings: kSettings });
    const alice = await s.member(host, 'alice', 'lobby');
    alice.beat('lobby', 1000);
    const cli = (...args) => host.redisCli(...args);
    await eventually('the member is written', async () => await cli('EXISTS', 'presence:user:alice') === '1');

    assert.equal(await cli('TYPE', 'presence:user:alice'), 'hash');
    assert.equal(await cli('HGET', 'presence:user:alice', 'pk'), 'alice');
    assert.equal(await cli('SMEMBERS', 'presence:page:lobby'), 'user:alice');
    assert.equal(await cli('ZSCORE', 'rooms:occupancy', 'lobby'), '1');
    const online = Number(await cli('ZSCORE', 'presence:online', 'user:alice'));
    assert.ok(Math.abs(online - Date.now() / 1000) < 10, 'seconds of the last heartbeat');
    const deadline = Number(await cli('ZSCORE', 'presence:deadlines', 'user:alice'));
    assert.ok(deadline > Date.now() && deadline < Date.now() + kTtl + 1000, 'milliseconds of the deadline');
    const json = JSON.parse(await cli('GET', 'room:lobby:user:alice'));
    assert.equal(json.userId, 'alice');
    assert.equal(json.roomId, 'lobby');
    for (const key of ['socketId', 'username', 'lastActiveAt', 'joinedAt'])
        assert.ok(json[key] !== undefined, key);
    assert.ok(Number(await cli('TTL', 'room:lobby:user:alice')) > 0);
    const node = (await cli('ZRANGE', 'presence:nodes', 0, -1)).split('\n');
    assert.equal(node.length, 1);
    assert.match(node[0], /.+\..+/);
    const lease = Number(await cli('PTTL', `presence:node:${node[0]}`));
    assert.ok(lease > 0 && lease <= 5000, `lease ${lease}`);
    assert.equal(await cli('SMEMBERS', 'room:lobby:nodes'), node[0]);
    assert.equal(await cli('SMEMBERS', `room:lobby:node:${node[0]}`), 'user:alice');
    assert.ok(await cli('GET', 'rollcall:schema'));

    const ttls = (await sample(() => cli('PTTL', 'presence:user:alice'), { every: 200, during: 2 * kTtl }))
        .map(each => Number(each.value));
    assert.ok(ttls.every(ttl => ttl > 0 && ttl <= kTtl), `the key lives on: ${ttls}`);
    const steps = ttls.slice(1).map((ttl, index) => ttl - ttls[index]);
    assert.ok(steps.some(step => step < -50), 'it falls');
    assert.ok(steps.some(step => step > 500), 'it is refreshed');
    const refreshes = steps.filter(step => step > 500).length;
    assert.ok(refreshes <= 2 * kTtl / (kTtl / 3) + 1, `${refreshes} refreshes: not more often than every TTL/3`);
    assert.equal(alice.all('member_left').length, 0);
});

scenario('after the last one has left nothing of the room remains but what was asked to', async s => {
    const host = await s.host({ settings: kSettings });
    const alice = await s.member(host, 'alice', 'lobby');
    await eventually('the member is written', async () => await host.redisCli('EXISTS', 'presence:user:alice') === '1');
    alice.leave('lobby');
    await eventually('its keys are gone', async () => {
        const keys = (await host.redisCli('KEYS', '*')).split('\n');
        const left = keys.filter(key => /^(presence:(user|page):|room:lobby:(user|node))/.test(key));
        assert.deepEqual(left, []);
        assert.equal(await host.redisCli('ZSCORE', 'presence:deadlines', 'user:alice'), '');
        return ['', '0'].includes(await host.redisCli('ZSCORE', 'rooms:occupancy', 'lobby'));
    }, { within: 2000 });
});

scenario('movement is written as the latest position, at most once a second', async s => {
    const host = await s.host({ settings: { ...kSettings, 'limits.transformsPerSecond': 0 } });
    const alice = await s.member(host, 'alice', 'lobby');
    let seq = 0;
    const read = () => host.redisCli('HGET', 'room:lobby:transforms', 'alice');
    const seen = await sample(() => {
        alice.move('lobby', ++seq, { x: seq });
        return read();
    }, { every: 50, during: 3000 });
    const distinct = new Set(seen.map(each => each.value).filter(Boolean));
    assert.ok(distinct.size >= 2 && distinct.size <= 5, `${distinct.size} writes in 3 s`);
    await eventually('the last position arrives', async () => JSON.parse(await read()).x === seq, { within: 2500 });
    const ttl = Number(await host.redisCli('TTL', 'room:lobby:transforms'));
    assert.ok(ttl > 0 && ttl <= 60);
});

scenario('a guest is presence:anon', async s => {
    const host = await s.host({ settings: kSettings });
    const guest = await s.client(host, undefined, { displayName: 'Guest' });
    const state = await guest.join('lobby');
    assert.match(state.members[0].userId, /^anon:/);
    await eventually('the guest is written', async () =>
        (await host.redisCli('KEYS', 'presence:anon:*')).startsWith('presence:anon:'));
});
