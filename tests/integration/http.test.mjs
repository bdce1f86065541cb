// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { eventually, rawHttp, scenario } from './harness.mjs';

const run = promisify(execFile);

const kUpgrade = 'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'
    + 'Sec-WebSocket-Version: 13\r\n';

/// What clients and proxies do to an HTTP port, and what QHttpServer alone gets wrong.

scenario('curl -I gets the headers of GET and no body', async s => {
    const host = await s.host();
    const { stdout } = await run('curl', ['-sS', '-I', '--max-time', '5', `${host.url}rooms`]);
    assert.match(stdout, /^HTTP\/1\.1 200 /);
    const length = Number(stdout.match(/content-length: (\d+)/i)[1]);
    const body = Buffer.byteLength(JSON.stringify((await host.get('rooms')).body));
    assert.ok(length > 0 && Math.abs(length - body) < 200, `${length} of ${body}`);
    const raw = await rawHttp(host.port, 'HEAD /rooms HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    assert.equal(raw.text.split('\r\n\r\n')[1], '');
    assert.ok(raw.closed);
});

scenario('HTTP/1.0 is answered and closed', async s => {
    const host = await s.host();
    const { responses, closed } = await rawHttp(host.port, 'GET /live HTTP/1.0\r\n\r\n');
    assert.equal(responses[0].status, 200);
    assert.ok(closed);
    const { stdout } = await run('curl', ['-sS', '--http1.0', '--max-time', '5', `${host.url}rooms`]);
    assert.ok(JSON.parse(stdout).rooms.length > 0);
});

scenario('Connection: close is answered and closed; without it the connection stays', async s => {
    const host = await s.host();
    const closing = await rawHttp(host.port, 'GET /live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    assert.equal(closing.responses[0].status, 200);
    assert.match(closing.responses[0].headers.connection, /close/i);
    assert.ok(closing.closed);
    const request = 'GET /live HTTP/1.1\r\nHost: localhost\r\n\r\n';
    const socket = connect({ port: host.port, host: '127.0.0.1' });
    let text = '';
    socket.on('data', chunk => { text += chunk; });
    for (const expected of [1, 2, 3]) {
        socket.write(request);
        await eventually(`answer ${expected}`, () => text.split('HTTP/1.1 200').length - 1 === expected);
    }
    socket.destroy();
});

scenario('Expect: 100-continue gets a 100 before the body is sent', async s => {
    const host = await s.host();
    const body = JSON.stringify({ roomId: 'lobby', user: { userId: 'alice', displayName: 'Alice' } });
    const socket = connect({ port: host.port, host: '127.0.0.1' });
    let text = '';
    socket.on('data', chunk => { text += chunk; });
    socket.write('POST /rooms/join HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'
        + `Content-Length: ${Buffer.byteLength(body)}\r\nExpect: 100-continue\r\n\r\n`);
    await eventually('100 Continue', () => /^HTTP\/1\.1 100 /.test(text));
    socket.write(body);
    await eventually('the answer', () => /\r\n\r\nHTTP\/1\.1 200 /.test(text));
    socket.destroy();
});

scenario('%2F is part of a room id', async s => {
    const host = await s.host({ rooms: [{ id: 'floors/second', name: 'Second floor', capacity: 10 }] });
    const { status, body } = await host.get('rooms/floors%2Fsecond');
    assert.equal(status, 200);
    assert.equal(body.id, 'floors/second');
    assert.equal((await host.get('rooms/floors/second')).status, 404);
});

scenario('two pipelined requests are answered in their order', async s => {
    const host = await s.host();
    // The first waits for Redis (a seat); the second would be quicker.
    const body = JSON.stringify({ roomId: 'lobby', user: { userId: 'alice', displayName: 'Alice' } });
    const bytes = 'POST /rooms/join HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'
        + `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
        + 'GET /live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
    const { responses } = await rawHttp(host.port, bytes);
    assert.equal(responses.length, 2);
    assert.ok(JSON.parse(responses[0].body).realtimeToken);
    assert.equal(responses[1].status, 200);
    assert.equal(JSON.parse(responses[1].body).realtimeToken, undefined);
});

scenario('200 clients vanish before a deferred answer', async s => {
    const redis = await s.redis();
    const host = await s.host({
        settings: { 'redis.url': redis.url, 'redis.requestDeadline': '5s', 'redis.pingDeadline': '10s' },
        rooms: [{ id: 'hall', name: 'Hall', capacity: 1000 }],
    });
    const join = user => JSON.stringify({ roomId: 'hall', user: { userId: user, displayName: 'U' } });
    // Without the secret that the hosts on this Redis share, a join is refused before a seat is asked for.
    await eventually('a join works', async () => (await host.post('rooms/join', JSON.parse(join('before')))).status === 200);
    const before = host.process.lines.length;
    process.kill(redis.process.pid, 'SIGSTOP'); // seats are asked of Redis, which does not answer now
    s.onEnd(() => redis.process.signal('SIGCONT'));
    const sockets = Array.from({ length: 200 }, (unused, index) => {
        const body = join(`u${index}`);
        const socket = connect({ port: host.port, host: '127.0.0.1' });
        socket.on('error', () => {});
        socket.write('POST /rooms/join HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'
            + `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
        return socket;
    });
    await eventually('all of them wait for Redis', async () => {
        const { body } = await host.get('metrics');
        return Number(body.match(/^rollcall_redis_commands_in_flight(?:\{.*\})? (\d+)/m)[1]) >= 200;
    }, { within: 5000 });
    sockets.forEach((socket, index) => index % 2 ? socket.resetAndDestroy() : socket.destroy());
    process.kill(redis.process.pid, 'SIGCONT');
    await host.ready();
    const { status } = await host.post('rooms/join', JSON.parse(join('after')));
    assert.equal(status, 200);
    assert.deepEqual(host.process.lines.slice(before).filter(line => / (warning|critical) /.test(line)), []);
});

scenario('malformed, oversized and unknown requests get their status', async s => {
    const host = await s.host();
    const get = (line, headers = '') => `${line}\r\nHost: localhost\r\n${headers}Connection: close\r\n\r\n`;
    const cases = [
        [get('GET /no/such/path HTTP/1.1'), 404],
        [get('DELETE /live HTTP/1.1'), 405],
        ['nonsense\r\n\r\n', 400],
        [get('GET / HTTP/1.1', 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n'), 400],
        [get('GET / HTTP/1.1', 'Content-Length: -1\r\n'), 400],
        [get(`GET /${'a'.repeat(20000)} HTTP/1.1`), [414, 431]],
        [get('GET / HTTP/1.1', `X-Long: ${'a'.repeat(20000)}\r\n`), 431],
        [get('POST /rooms/join HTTP/1.1', 'Content-Length: 999999999\r\n'), 413],
        [get('GET /ws HTTP/1.1'), 404],
        [get('GET /ws HTTP/1.1', kUpgrade.replace('13', '8')), 426],
        [get('GET /elsewhere HTTP/1.1', kUpgrade), 404],
    ];
    for (const [bytes, expected] of cases) {
        const { responses, closed } = await rawHttp(host.port, bytes);
        const status = responses[0]?.status;
        assert.ok([expected].flat().includes(status), `${JSON.stringify(bytes.slice(0, 60))} got ${status}`);
        assert.ok(closed);
    }
    assert.equal((await host.get('live')).status, 200);
});

scenario('an answer that did not change is 304', async s => {
    const host = await s.host();
    const first = await host.get('rooms');
    const etag = first.headers.get('etag');
    assert.ok(etag);
    assert.equal((await host.get('rooms', { headers: { 'if-none-match': etag } })).status, 304);
    await s.member(host, 'alice', 'lobby');
    await host.counts('lobby', 1);
    assert.equal((await host.get('rooms', { headers: { 'if-none-match': etag } })).status, 200);
});

scenario('the probes, the metrics and the client configuration answer', async s => {
    const host = await s.host({ settings: { 'presence.heartbeat': '7s' } });
    assert.equal((await host.get('live')).status, 200);
    const metrics = await host.get('metrics');
    assert.equal(metrics.status, 200);
    assert.match(metrics.body, /^# TYPE rollcall_\w+ /m);
    const { body } = await host.get('config.json');
    assert.ok(JSON.stringify(body).includes('7000'), JSON.stringify(body));
    assert.equal(body.REALTIME_PROVIDER, 'ws');
    assert.equal((await host.get('api/rooms')).status, 200);
});
