// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { eventually, scenario, selfSigned } from '../harness.mjs';
import { Browser } from './support/browser.mjs';
import { RoomPage } from './support/roompage.mjs';

/// Chromium's own WebSocket, plain and over TLS with a certificate that the test has made.

/** Runs in the page: joins, then does what `how` says; {frames, code, wasClean, protocol, extensions}. */
function talk({ url, user, how }) {
    return new Promise((resolve, reject) => {
        const socket = new WebSocket(url, how.protocols ?? []);
        const frames = [];
        const send = (t, payload) => socket.send(JSON.stringify({ v: 1, t, ts: Date.now(), payload }));
        socket.onerror = () => reject(new Error('the connection failed'));
        socket.onopen = () => send('join_room', { roomId: 'lobby', deviceType: 'desktop', user: { userId: user, displayName: user } });
        socket.onmessage = ({ data }) => {
            const { t, payload } = JSON.parse(data);
            frames.push({ t, payload });
            if (t === 'room_state') {
                send('local_chat', { roomId: 'lobby', text: how.text, mode: 'local' });
            } else if (t === 'chat_broadcast' && how.binary) {
                socket.send(new Uint8Array([1, 2, 3]));
            } else if (t === 'chat_broadcast' && how.size) {
                socket.send('x'.repeat(how.size));
            } else if (t === 'chat_broadcast' && how.code) {
                socket.close(how.code, 'bye');
            }
        };
        socket.onclose = ({ code, wasClean }) =>
            resolve({ frames, code, wasClean, protocol: socket.protocol, extensions: socket.extensions });
    });
}

for (const isTls of [false, true]) {
    const how = isTls ? 'over TLS' : 'plain';

    scenario(`Chromium, ${how}: join, chat, pings and close codes`, async (s) => {
        const tls = isTls ? await selfSigned(s.folder) : { settings: {} };
        const host = await s.host({ settings: { ...tls.settings, 'realtime.pingInterval': '300ms', 'realtime.pongDeadline': '500ms' }, ca: tls.ca });
        const browser = await Browser.start(s, { ignoreHTTPSErrors: isTls });
        const page = await browser.open(host.url + 'config.json');
        const text = 'Gr\u00fc\u00dfe \u{1f600}';
        const run = (user, what) => page.evaluate(talk, { url: host.wsUrl, user, how: { text, ...what } });

        const left = await run('alice', { code: 1000, protocols: ['rollcall'] });
        assert.deepEqual(left.frames.map(({ t }) => t), ['room_state', 'chat_broadcast']);
        assert.deepEqual(left.frames[0].payload.members.map(({ userId }) => userId), ['alice']);
        assert.equal(left.frames[1].payload.text, text);
        assert.deepEqual([left.code, left.wasClean, left.protocol, left.extensions], [1000, true, 'rollcall', '']);
        for (const [what, code] of [[{ binary: true }, 1003], [{ size: 5000 }, 1009], [{ code: 4321 }, 4321]]) {
            const { code: got, wasClean } = await run('bob', what);
            assert.deepEqual([got, wasClean], [code, true]);
        }

        // It answers pings by itself, or it would be closed before the witness has seen so many. Then the host goes.
        const witness = await s.member(host, 'witness', 'lobby');
        let pings = 0;
        witness.socket.on('ping', () => ++pings);
        const staying = run('carol', {});
        await witness.next('chat_broadcast', ({ userId }) => userId === 'carol');
        pings = 0;
        await eventually('the host has pinged everybody five times', () => pings >= 5);
        await host.process.stop('SIGTERM');
        const { code, wasClean, frames } = await staying;
        assert.deepEqual([code, wasClean], [4000, true]);
        assert.ok(frames.some(({ t }) => t === 'draining'));
    });
}

scenario('the demo page works over TLS', async (s) => {
    const tls = await selfSigned(s.folder);
    const host = await s.host({ settings: tls.settings, ca: tls.ca });
    const browser = await Browser.start(s, { ignoreHTTPSErrors: true });
    const alice = await RoomPage.open(browser, host.url, { user: 'alice', room: 'lobby' });
    const bob = await RoomPage.open(browser, host.url, { user: 'bob', room: 'lobby' });
    await alice.sees('bob');
    await bob.say('over TLS');
    await alice.hears('over TLS');
    browser.expectNoErrors();
});
