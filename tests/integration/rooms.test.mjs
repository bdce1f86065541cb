// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { eventually, scenario } from './harness.mjs';

/// The rooms dialect end to end on one host: what two people in a room see of each other.

scenario('two members see each other join, move, chat and leave', async s => {
    const host = await s.host();
    const alice = await s.member(host, 'alice', 'lobby');
    assert.deepEqual(alice.roomState.members.map(member => member.userId), ['alice']);
    assert.equal(alice.roomState.occupancy, 1);
    const bob = await s.member(host, 'bob', 'lobby');
    assert.deepEqual(bob.roomState.members.map(member => member.userId).sort(), ['alice', 'bob']);
    assert.equal((await alice.next('member_joined')).member.userId, 'bob');

    bob.move('lobby', 1, { x: 1.5, z: -2.25, rotY: 0.5, anim: 'dance', speaking: true });
    const seen = await alice.next('avatar_transform_broadcast');
    assert.deepEqual(seen, { userId: 'bob', seq: 1, x: 1.5, y: 0, z: -2.25, rotY: 0.5, anim: 'dance', speaking: true });

    alice.chat('lobby', 'hello \u{1F44B} "you"');
    for (const member of [alice, bob]) {
        const message = await member.next('chat_broadcast');
        assert.equal(message.userId, 'alice');
        assert.equal(message.text, 'hello \u{1F44B} "you"');
        assert.ok(message.messageId);
    }
    assert.equal(bob.all('avatar_transform_broadcast').length, 0, 'nobody gets their own movement');

    await host.counts('lobby', 2);
    bob.leave('lobby');
    await alice.next('member_left', left => left.userId === 'bob' && left.reason === 'left');
    await host.counts('lobby', 1);
    assert.ok(bob.isOpen);
});

scenario('a heartbeat is acknowledged with the time it carried', async s => {
    const host = await s.host();
    const alice = await s.member(host, 'alice', 'lobby');
    alice.send('heartbeat', { roomId: 'lobby', clientTimeMs: 1234567 });
    const ack = await alice.next('heartbeat_ack');
    assert.equal(ack.roomId, 'lobby');
    assert.equal(ack.clientTimeMs, 1234567);
    assert.ok(Math.abs(ack.serverTimeMs - Date.now()) < 60000);
});

scenario('a newcomer sees where the others are', async s => {
    const host = await s.host();
    const alice = await s.member(host, 'alice', 'lobby');
    const witness = await s.member(host, 'witness', 'lobby');
    alice.move('lobby', 7, { x: 3, z: 4, anim: 'wave' });
    await witness.next('avatar_transform_broadcast');
    const bob = await s.member(host, 'bob', 'lobby');
    const shown = bob.roomState.members.find(member => member.userId === 'alice');
    assert.deepEqual([shown.x, shown.z, shown.anim], [3, 4, 'wave']);
});

scenario('one user on two connections counts once and leaves with the last', async s => {
    const host = await s.host();
    const witness = await s.member(host, 'witness', 'lobby');
    const first = await s.member(host, 'alice', 'lobby');
    const second = await s.member(host, 'alice', 'lobby');
    await host.counts('lobby', 2);
    await witness.next('member_joined');
    assert.equal(witness.all('member_joined').length, 1);
    first.end();
    second.heartbeat('lobby');
    await second.next('heartbeat_ack');
    assert.equal(witness.all('member_left').length, 0);
    second.end();
    assert.equal((await witness.next('member_left')).userId, 'alice');
    await host.counts('lobby', 1);
});

scenario('messages that break the rules get an error and the connection lives on', async s => {
    const host = await s.host();
    const alice = await s.member(host, 'alice', 'lobby');
    const offences = ['{', '[]', '{"v":1,"t":"join_room"}', '{"v":1,"t":"local_chat","payload":{"roomId":"lobby","text":5}}',
        '{"v":1,"t":"avatar_transform","payload":{"roomId":"lobby","seq":1,"x":1e999,"y":0,"z":0,"rotY":0,"anim":"idle","speaking":false}}'];
    for (const offence of offences) {
        const before = alice.all('error').length;
        await eventually('an error comes, at most one a second', () => {
            alice.socket.send(offence);
            return alice.all('error').length > before;
        }, { within: 4000, every: 300 });
    }
    assert.ok(alice.all('error').every(error => typeof error.code === 'string' && error.message));
    alice.chat('lobby', 'still here');
    assert.equal((await alice.next('chat_broadcast')).text, 'still here');
});

scenario('movement beyond the rate is dropped, chat still arrives', async s => {
    const host = await s.host({ settings: { 'limits.transformsPerSecond': 20 } });
    const alice = await s.member(host, 'alice', 'lobby');
    const bob = await s.member(host, 'bob', 'lobby');
    for (let seq = 1; seq <= 200; ++seq)
        alice.move('lobby', seq, { x: seq });
    alice.chat('lobby', 'after the flood');
    await bob.next('chat_broadcast');
    const seen = bob.all('avatar_transform_broadcast').length;
    assert.ok(seen >= 1 && seen <= 60, `${seen} of 200 passed`);
    assert.ok(alice.isOpen);
});

scenario('a room that does not exist is refused', async s => {
    const host = await s.host();
    const alice = await s.client(host, 'alice');
    alice.sendJoin('nowhere');
    assert.equal((await alice.next('error')).code, 'room_not_found');
    assert.equal((await host.post('rooms/join', { roomId: 'nowhere' })).status, 404);
});

scenario('a full room takes nobody else', async s => {
    const host = await s.host();
    await s.member(host, 'alice', 'attic');
    await s.member(host, 'bob', 'attic');
    const carol = await s.client(host, 'carol');
    carol.sendJoin('attic');
    assert.equal((await carol.next('error')).code, 'room_full');
    await host.counts('attic', 2);
    const refused = await host.post('rooms/join', { roomId: 'attic', user: { userId: 'carol', displayName: 'Carol' } });
    assert.equal(refused.status, 409);
    assert.equal(refused.body.code, 'room_full');
});
