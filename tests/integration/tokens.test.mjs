// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { scenario } from './harness.mjs';

const run = promisify(execFile);
const kSecret = '0123456789abcdef0123456789abcdef';
const kSettings = { 'auth.required': true, 'auth.secret': kSecret };

/// A user token, made with the program's own subcommand.
async function tokenFor(host, subject, ...args) {
    const { stdout } = await run(process.env.ROLLCALL_BIN,
        ['token', '--config', host.configuration, '--sub', subject, ...args], { timeout: 10000 });
    return stdout.trim();
}

scenario('POST /rooms/join gives a token that opens the room', async s => {
    const host = await s.host({ settings: kSettings });
    const token = await tokenFor(host, 'alice');
    const { status, body } = await host.post('rooms/join', { roomId: 'lobby', deviceType: 'desktop' },
        { authorization: `Bearer ${token}` });
    assert.equal(status, 200);
    assert.equal(body.roomId, 'lobby');
    assert.equal(body.voiceToken, null);
    assert.ok(body.expiresAtMs > Date.now());
    assert.equal(new URL(body.wsUrl).port, String(host.port));
    const alice = await s.client(host, 'alice');
    const state = await alice.join('lobby', { token: body.realtimeToken });
    assert.deepEqual(state.members.map(member => member.userId), ['alice']);
});

scenario('the hottest room is chosen when none is named', async s => {
    const host = await s.host();
    await s.member(host, 'alice', 'garden');
    await s.member(host, 'bob', 'garden');
    await s.member(host, 'carol', 'lobby');
    await host.counts('garden', 2);
    const { status, body } = await host.post('rooms/join', { deviceType: 'desktop', user: { userId: 'dave', displayName: 'Dave' } });
    assert.equal(status, 200);
    assert.equal(body.roomId, 'garden');
    const dave = await s.client(host, 'dave');
    assert.equal((await dave.join('garden', { token: body.realtimeToken })).occupancy, 3);
});

scenario('no token, a bad one, an expired one and someone else\u2019s room: auth_error, and the socket stays open', async s => {
    const host = await s.host({ settings: kSettings });
    const alice = await s.client(host, 'alice');
    alice.sendJoin('lobby');
    assert.equal((await alice.next('auth_error')).reason, 'invalid_token');
    alice.sendJoin('lobby', { token: 'not.a.token' });
    assert.equal((await alice.next('auth_error')).reason, 'invalid_token');
    const { body } = await host.post('rooms/join', { roomId: 'garden', deviceType: 'desktop' },
        { authorization: `Bearer ${await tokenFor(host, 'alice')}` });
    alice.sendJoin('lobby', { token: body.realtimeToken });
    assert.equal((await alice.next('auth_error')).reason, 'forbidden');
    assert.ok(alice.isOpen);
    await alice.join('garden', { token: body.realtimeToken });
});

scenario('a token in the query, in the header and as a sub-protocol opens the room too', async s => {
    const host = await s.host({ settings: kSettings });
    const token = await tokenFor(host, 'alice');
    const ways = [
        { url: `${host.wsUrl}?token=${token}` },
        { headers: { authorization: `Bearer ${token}` } },
        { protocols: ['rollcall', token] },
    ];
    for (const { url, ...options } of ways) {
        const client = await s.client({ ...host, wsUrl: url ?? host.wsUrl }, 'alice', options);
        await client.join('lobby');
    }
});

scenario('a connection that never shows a token is closed with 4004', async s => {
    const host = await s.host({ settings: kSettings });
    const silent = await s.client(host, 'silent');
    assert.equal((await silent.closed({ timeout: 15000 })).code, 4004);
});

scenario('HTTP asks for a user token where one is required', async s => {
    const host = await s.host({ settings: kSettings });
    const refused = await host.post('rooms/join', { roomId: 'lobby' });
    assert.equal(refused.status, 401);
    assert.match(refused.headers.get('content-type'), /application\/problem\+json/);
    assert.equal(refused.body.status, 401);
});
