// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { eventually, scenario, selfSigned } from './harness.mjs';

/// The `ws` client of npm, plain and over TLS: what a WebSocket library does that a test of frames does not.

const kOperator = 'an operators\u0027 secret of a test';
const kSettings = { 'admin.secret': kOperator, 'realtime.pingInterval': '300ms' };

async function start(s, isTls, settings = {}) {
    const tls = isTls ? await selfSigned(s.folder) : { settings: {} };
    return s.host({ settings: { ...kSettings, ...settings, ...tls.settings }, ca: tls.ca });
}

const closeOf = async (client, act) => {
    act();
    return (await client.closed()).code;
};

for (const isTls of [false, true]) {
    const how = isTls ? 'over TLS' : 'plain';

    scenario(`ws, ${how}: join, chat, movement and a clean leave`, async s => {
        const host = await start(s, isTls);
        assert.equal(host.wsUrl.startsWith('wss:'), isTls);
        const alice = await s.member(host, 'alice', 'lobby');
        assert.deepEqual(alice.roomState.members.map(member => member.userId), ['alice']);
        const bob = await s.member(host, 'bob', 'lobby');
        assert.equal((await alice.next('member_joined')).member.userId, 'bob');
        const text = 'Gr\u00fc\u00dfe \u{1f600} "\\'.repeat(15);
        bob.chat('lobby', text);
        for (const client of [alice, bob])
            assert.equal((await client.next('chat_broadcast')).text, text);
        for (let seq = 1; seq <= 10; ++seq)
            bob.move('lobby', seq, { x: seq / 4 });
        assert.equal((await alice.next('avatar_transform_broadcast', moved => moved.seq === 10)).x, 2.5);
        assert.equal(await closeOf(bob, () => bob.socket.close(1000, 'bye')), 1000);
        assert.deepEqual(await alice.next('member_left'), { roomId: 'lobby', userId: 'bob', reason: 'left' });
    });

    scenario(`ws, ${how}: pings both ways, fragments with a ping between them`, async s => {
        const host = await start(s, isTls);
        const alice = await s.member(host, 'alice', 'lobby');
        const pongs = [];
        let pings = 0;
        alice.socket.on('pong', payload => pongs.push(payload.toString()));
        alice.socket.on('ping', () => ++pings);
        alice.socket.ping('are you there');
        await eventually('the pong echoes', () => pongs.includes('are you there'));
        const message = Buffer.from(JSON.stringify(
            { v: 1, t: 'local_chat', payload: { roomId: 'lobby', text: 'in pieces: \u{1f600}', mode: 'local' } }));
        const cut = message.indexOf(0xf0) + 2; // in the middle of a character
        alice.socket.send(message.subarray(0, 20), { fin: false, binary: false });
        alice.socket.send(message.subarray(20, cut), { fin: false, binary: false });
        alice.socket.ping('in between');
        alice.socket.send(message.subarray(cut), { fin: true, binary: false });
        assert.equal((await alice.next('chat_broadcast')).text, 'in pieces: \u{1f600}');
        assert.ok(pongs.includes('in between'));
        await eventually('the host has pinged thrice', () => pings >= 3);
        assert.equal(alice.isOpen, true);
    });

    scenario(`ws, ${how}: every close has its code`, async s => {
        const host = await start(s, isTls);
        for (const [code, act] of [
            [1003, client => client.socket.send(Buffer.from([1, 2, 3]))],
            [1009, client => client.socket.send('x'.repeat(5000))],
            [1007, client => client.socket.send(Buffer.from([0x22, 0xc3, 0x28, 0x22]), { binary: false })],
            [1001, client => client.socket.close(1001)],
            [3999, client => client.socket.close(3999, 'an own one')],
            [4500, () => host.get('api/admin/rooms/lobby/kick', {
                method: 'POST', body: JSON.stringify({ userId: 'alice' }),
                headers: { 'content-type': 'application/json', authorization: `Bearer ${kOperator}` },
            })],
        ]) {
            const client = await s.member(host, 'alice', 'lobby');
            assert.equal(await closeOf(client, () => act(client)), code);
        }
        const last = await s.member(host, 'last', 'lobby');
        await host.process.stop('SIGTERM');
        assert.equal((await last.next('draining')).reconnectInMs >= 0, true);
        assert.equal((await last.closed()).code, 4000);
    });
}

scenario('ws: who does not trust the certificate stays outside; plain and TLS people share a room', async s => {
    const host = await start(s, true);
    const alice = await s.member(host, 'alice', 'lobby');
    await assert.rejects(s.client(host, 'eve', { ca: [] }), /self.signed/);
    const bob = await s.member({ wsUrl: host.wsUrl.replace('wss:', 'ws:') }, 'bob', 'lobby');
    bob.chat('lobby', 'from the plain side');
    assert.equal((await alice.next('chat_broadcast')).text, 'from the plain side');
});
