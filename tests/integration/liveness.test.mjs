// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { scenario } from './harness.mjs';

/// Connections whose bytes stop without a close, through a proxy that stalls.

const kMargin = 1000;

/// How long after `start` the witness was told that `user` left, and why.
async function departure(witness, user, start, timeout) {
    const { reason } = await witness.next('member_left', payload => payload.userId === user, { timeout });
    const frame = witness.frames.findLast(each => each.t === 'member_left');
    return { reason, afterMs: frame.atMs - start };
}

scenario('pings off: a stalled member is gone when its TTL ends', async s => {
    const host = await s.host({ settings: { 'presence.ttl': '3s', 'presence.heartbeat': '1s', 'realtime.pingInterval': '0ms' } });
    const witness = await s.member(host, 'witness', 'lobby');
    witness.beat('lobby', 1000);
    const proxy = await s.proxy(host.port);
    const alice = await s.member(host, 'alice', 'lobby', { through: proxy });
    alice.heartbeat('lobby');
    await alice.next('heartbeat_ack');
    proxy.stall();
    const stalled = performance.now();
    const { reason, afterMs } = await departure(witness, 'alice', stalled, 6000);
    assert.equal(reason, 'expired');
    assert.ok(afterMs > 2500 && afterMs < 3000 + kMargin, `gone after ${afterMs} ms`);
    await host.counts('lobby', 1, { within: 500 });
});

scenario('pings on, a long TTL: a stalled connection is closed with 4001, and its member gone after the grace', async s => {
    const host = await s.host({ settings: {
        'presence.ttl': '60s', 'presence.grace': '2s', 'realtime.pingInterval': '1s', 'realtime.pongDeadline': '1s',
    } });
    const witness = await s.member(host, 'witness', 'lobby');
    const proxy = await s.proxy(host.port);
    const alice = await s.member(host, 'alice', 'lobby', { through: proxy });
    proxy.stall();
    const stalled = performance.now();
    const { reason, afterMs } = await departure(witness, 'alice', stalled, 8000);
    assert.equal(reason, 'lost');
    // Up to one interval until the ping, the time-out, then the grace.
    assert.ok(afterMs > 2900 && afterMs < 4000 + kMargin, `gone after ${afterMs} ms`);
    await host.counts('lobby', 1, { within: 500 });
    proxy.resume();
    assert.equal((await alice.closed()).code, 4001);
    assert.ok(witness.isOpen, 'who answers pings stays');
});

scenario('a cut connection that comes back within the grace never left', async s => {
    const host = await s.host({ settings: { 'presence.grace': '3s' } });
    const witness = await s.member(host, 'witness', 'lobby');
    const proxy = await s.proxy(host.port);
    await s.member(host, 'alice', 'lobby', { through: proxy });
    await witness.next('member_joined');
    proxy.cut();
    await host.counts('lobby', 2, { within: 500 });
    const back = await s.member(host, 'alice', 'lobby');
    assert.equal(back.roomState.occupancy, 2);
    back.chat('lobby', 'back');
    await witness.next('chat_broadcast');
    assert.equal(witness.all('member_left').length, 0);
    assert.equal(witness.all('member_joined').length, 1);
});

scenario('Close 1000 is a leave without grace', async s => {
    const host = await s.host({ settings: { 'presence.grace': '30s' } });
    const witness = await s.member(host, 'witness', 'lobby');
    const alice = await s.member(host, 'alice', 'lobby');
    alice.end();
    await witness.next('member_left', left => left.userId === 'alice' && left.reason === 'left');
});

scenario('who expired is told so by its next frame, and a heartbeat brings it back', async s => {
    const host = await s.host({ settings: { 'presence.ttl': '1500ms', 'presence.heartbeat': '500ms', 'realtime.pingInterval': '0ms' } });
    const witness = await s.member(host, 'witness', 'lobby');
    witness.beat('lobby', 400);
    const alice = await s.member(host, 'alice', 'lobby');
    await witness.next('member_left', payload => payload.userId === 'alice' && payload.reason === 'expired');
    alice.chat('lobby', 'am I here?');
    assert.equal((await alice.next('error')).code, 'not_in_room');
    alice.heartbeat('lobby');
    const state = await alice.next('room_state');
    assert.equal(state.occupancy, 2);
    await witness.next('member_joined', payload => payload.member.userId === 'alice');
});
