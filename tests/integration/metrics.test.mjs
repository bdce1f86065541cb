// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { Client, eventually, scenario } from './harness.mjs';

/// What GET /metrics counts once it has happened, and the line that the log has about each connection.

/// {name{labels}: value} of GET /metrics.
async function metricsOf(host) {
    const { body } = await host.get('metrics');
    return new Map(body.split('\n').filter(line => line && !line.startsWith('#')).map(line => {
        const space = line.lastIndexOf(' ');
        return [line.slice(0, space), Number(line.slice(space + 1))];
    }));
}

/// Waits until all of these are above 0, or what is given.
function counted(host, wanted) {
    return eventually('the metrics show it', async () => {
        const metrics = await metricsOf(host);
        const missing = wanted.map(each => typeof each === 'string' ? [each, 1] : each)
            .filter(([name, least]) => !(metrics.get(name) >= least))
            .map(([name]) => `${name} is ${metrics.get(name)}`);
        if (missing.length > 0)
            throw new Error(missing.join(', '));
        return metrics;
    });
}

scenario('connections, frames, bytes, fan-out and what was dropped', async s => {
    const host = await s.host({ settings: {
        'limits.chatPerSecond': 1, 'limits.chatBurst': 2, 'realtime.movementHighWater': '1KiB',
        'realtime.closeHighWater': '64KiB', 'limits.transformsPerSecond': 0, 'log.level': 'info',
    } });
    const alice = await s.member(host, 'alice', 'lobby');
    const bob = await s.member(host, 'bob', 'lobby');
    for (let count = 0; count < 5; ++count)
        alice.chat('lobby', `${count}`);
    await bob.next('chat_broadcast');
    bob.move('lobby', 2);
    bob.move('lobby', 1); // older
    bob.socket.send('this is not JSON');
    const metrics = await counted(host, [
        ['realtime_connections{dialect="rooms"}', 2], 'realtime_handshakes_total{result="accepted"}',
        'rollcall_edge_handshakes_total{result="accepted"}', 'realtime_joins_total{result="joined"}',
        'realtime_frames_received_total', 'realtime_frames_sent_total', 'realtime_received_bytes_total',
        'realtime_fanout_seconds_count', 'realtime_sent_bytes_total', 'realtime_frames_encoded_total', 'realtime_dropped_total{reason="rate_chat"}',
        'realtime_dropped_total{reason="stale"}', 'realtime_dropped_total{reason="malformed"}',
    ]);
    assert.equal(metrics.get('realtime_closed_total{code="1000"}'), undefined);
    alice.end();
    await counted(host, ['realtime_closed_total{code="1000"}']);
    const [line] = await host.process.line(/connection ended .*user="alice".*/);
    assert.match(line, /id=\d+ user="alice" room="lobby" reason=left code=1000 seconds=[\d.]+ bytesIn=\d+ bytesOut=\d+/);

    // Somebody who does not read.
    const slow = await s.member(host, 'slow', 'lobby');
    slow.socket.pause();
    let seq = 10;
    await eventually('its movement is replaced', async () => {
        for (let count = 0; count < 2000; ++count)
            bob.move('lobby', ++seq, { x: seq });
        return (await metricsOf(host)).get('realtime_movement_replaced_total') > 0;
    }, { within: 20000 });
});

scenario('handshakes and calls that were refused', async s => {
    const host = await s.host({ settings: {
        'rooms.joinsPerSecondPerAddress': 1, 'rooms.joinBurstPerAddress': 2, 'moderation.blocksPerSecondPerAddress': 1,
        'moderation.blockBurstPerAddress': 1,
    } });
    for (const [path, headers] of [['ws', { origin: 'http://evil.test' }], ['nowhere', {}]])
        await assert.rejects(Client.connect(host.url.replace('http', 'ws') + path, { headers }));
    const statuses = [];
    let refused;
    for (let count = 0; count < 3; ++count) {
        refused = await host.post('rooms/join', { roomId: 'lobby', user: { userId: 'alice' } });
        statuses.push(refused.status);
    }
    assert.deepEqual(statuses, [200, 200, 429]);
    assert.equal(refused.headers.get('retry-after'), '1');
    assert.equal(refused.body.code, 'rate_limited');
    const block = () => host.post('moderation/block', { blockedUserId: 'bob', user: { userId: 'alice' } });
    assert.ok((await block()).status < 300);
    assert.equal((await block()).status, 429);
    await counted(host, [
        'rollcall_edge_handshakes_total{result="forbidden"}', 'rollcall_edge_handshakes_total{result="not_found"}',
        'rollcall_edge_rate_limited_total{route="POST /rooms/join"}',
        'rollcall_edge_rate_limited_total{route="POST /moderation/block"}', ['rooms_joins_total{result="ok"}', 2],
    ]);
});

scenario('what goes to other nodes, and what got lost on the way', async s => {
    const redis = await s.redis();
    const settings = { 'redis.url': redis.url };
    const one = await s.host({ settings: { ...settings, 'host.nodeId': 'one' } });
    const two = await s.host({ settings: { ...settings, 'host.nodeId': 'two' } });
    const alice = await s.member(one, 'alice', 'lobby');
    const bob = await s.member(two, 'bob', 'lobby');
    await eventually('alice sees bob', () => alice.all('member_joined').length === 1);
    alice.chat('lobby', 'hello');
    await bob.next('chat_broadcast');
    await counted(one, ['realtime_relayed_total', 'presence_room_publishes_total']);
    await counted(two, ['realtime_relay_received_total']);
    // As if three turns of a third node had not arrived.
    for (const sequence of [1, 5])
        await redis.cli('PUBLISH', 'room:lobby:events', `relay\nthree.1\n${sequence}\n`);
    await bob.next('room_state', payload => payload.members.length === 2);
    await counted(two, ['presence_event_gaps_total', 'realtime_gaps_repaired_total']);
});
