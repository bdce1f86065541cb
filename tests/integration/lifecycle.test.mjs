// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFileSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { eventually, scenario } from './harness.mjs';

/// Starting, stopping and surviving.

scenario('SIGTERM while it is busy ends it in order, with 0', async s => {
    const host = await s.host();
    const clients = [];
    for (let index = 0; index < 20; ++index)
        clients.push(await s.member(host, `u${index}`, 'lobby'));
    let seq = 0;
    const flood = setInterval(() => {
        ++seq;
        for (const client of clients.filter(each => each.isOpen)) {
            client.move('lobby', seq, { x: seq });
            client.chat('lobby', `${seq}`);
        }
        fetch(`${host.url}rooms`).catch(() => {});
    }, 10);
    s.onEnd(() => clearInterval(flood));
    await clients[1].next('chat_broadcast');
    const exit = await host.process.stop('SIGTERM');
    assert.deepEqual(exit, { code: 0, signal: null });
    for (const client of clients)
        assert.ok([4000, 1001].includes((await client.closed()).code), `closed with ${client.close.code}`);
});

scenario('SIGINT ends it too', async s => {
    const host = await s.host();
    assert.deepEqual(await host.process.stop('SIGINT'), { code: 0, signal: null });
});

scenario('SIGHUP applies what can be reloaded and sessions live on', async s => {
    const host = await s.host({ settings: { 'limits.transformsPerSecond': 20 } });
    const alice = await s.member(host, 'alice', 'lobby');
    const text = readFileSync(host.configuration, 'utf8');
    writeFileSync(host.configuration, `${text}\n[[rooms.room]]\nid = "cellar"\nname = "Cellar"\ncapacity = 5\n`);
    host.process.signal('SIGHUP');
    await eventually('the new room is listed', async () =>
        (await host.rooms()).rooms.some(room => room.id === 'cellar'));
    alice.chat('lobby', 'still here');
    await alice.next('chat_broadcast');
});

scenario('a reload with a mistake changes nothing', async s => {
    const host = await s.host();
    const text = readFileSync(host.configuration, 'utf8');
    const before = host.process.lines.length;
    writeFileSync(host.configuration, `${text}\n[[rooms.room]]\nid = "cellar"\nname = "Cellar"\n[presence]\nttl = "soon"\n`);
    host.process.signal('SIGHUP');
    await eventually('the mistake is named', () =>
        host.process.lines.slice(before).some(line => /presence\.ttl/.test(line)));
    assert.ok(!(await host.rooms()).rooms.some(room => room.id === 'cellar'));
    await host.ready();
});

scenario('floods of garbage on the port disturb nobody', async s => {
    const host = await s.host({ settings: { 'limits.chatPerSecond': 0 } });
    const alice = await s.member(host, 'alice', 'lobby');
    const bob = await s.member(host, 'bob', 'lobby');
    const upgrade = 'GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
        + 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n';
    const kinds = [
        () => randomBytes(4096),
        () => Buffer.from('\x16\x03\x01\x02\x00\x01'), // the beginning of TLS
        () => Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n' + 'A: b\r\n'.repeat(5000)),
        () => Buffer.from('POST /rooms/join HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n'),
        () => Buffer.concat([Buffer.from(upgrade), randomBytes(2048)]),
        () => Buffer.concat([Buffer.from(upgrade), Buffer.from([0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])]),
        () => Buffer.from(upgrade.slice(0, 60)),
        () => Buffer.alloc(0),
    ];
    const sockets = Array.from({ length: 160 }, (unused, index) => {
        const socket = connect({ port: host.port, host: '127.0.0.1' });
        socket.on('error', () => {});
        socket.on('data', () => {});
        socket.write(kinds[index % kinds.length]());
        return socket;
    });
    for (let seq = 1; seq <= 200; ++seq) {
        alice.chat('lobby', `message ${seq}`);
        await bob.next('chat_broadcast', payload => payload.text === `message ${seq}`, { timeout: 2000 });
    }
    sockets.forEach(socket => socket.destroy());
    assert.ok(alice.isOpen && bob.isOpen);
    await host.ready();
});

scenario('a port in use is an error that says so, with its exit code', async s => {
    const host = await s.host();
    const { Process } = await import('./harness.mjs');
    const second = new Process('second', process.env.ROLLCALL_BIN, ['--set', `edge.port=${host.port}`]);
    const { code } = await second.exited;
    assert.ok(code > 0, `it ended with ${code}`);
    assert.match(second.lines.join('\n'), new RegExp(`${host.port}`));
});
