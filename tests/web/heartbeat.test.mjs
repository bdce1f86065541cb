// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import test from 'node:test';
import { Heartbeat } from '../../resources/web/client/heartbeat.js';
import { FakeTimers } from './support/faketimers.mjs';

function makeHeartbeat() {
    const timers = new FakeTimers();
    const log = [];
    const heartbeat = new Heartbeat({
        beat: () => log.push('beat'), onStale: () => log.push('stale'), onFresh: () => log.push('fresh'),
        onDead: () => {
            log.push('dead');
            heartbeat.stop();
        },
    }, timers);
    return { timers, log, heartbeat };
}

test('an answered heart beats at its interval', async () => {
    const { timers, log, heartbeat } = makeHeartbeat();
    heartbeat.start(25000);
    for (let count = 0; count < 3; count += 1) {
        await timers.advance(25000);
        heartbeat.heard();
    }
    assert.deepEqual(log, ['beat', 'beat', 'beat']);
});

test('silence after a beat is stale, then dead', async () => {
    const { timers, log, heartbeat } = makeHeartbeat();
    heartbeat.start(25000, 10000);
    await timers.advance(34999);
    assert.deepEqual(log, ['beat']);
    await timers.advance(1);
    assert.deepEqual(log, ['beat', 'stale', 'beat']);
    await timers.advance(10000);
    assert.deepEqual(log, ['beat', 'stale', 'beat', 'dead']);
    await timers.advance(100000);
    assert.equal(log.length, 4);
});

test('any frame makes a stale connection fresh', async () => {
    const { timers, log, heartbeat } = makeHeartbeat();
    heartbeat.start(25000, 10000);
    await timers.advance(35000);
    heartbeat.heard();
    heartbeat.heard();
    assert.deepEqual(log, ['beat', 'stale', 'beat', 'fresh']);
});

test('a probe is answered sooner or the connection is stale sooner', async () => {
    const { timers, log, heartbeat } = makeHeartbeat();
    heartbeat.start(25000);
    heartbeat.probe();
    await timers.advance(3000);
    assert.deepEqual(log, ['beat', 'stale', 'beat']);
});

test('a stopped heart is silent', async () => {
    const { timers, log, heartbeat } = makeHeartbeat();
    heartbeat.start(1000);
    heartbeat.stop();
    heartbeat.probe();
    await timers.advance(60000);
    assert.deepEqual(log, []);
});
