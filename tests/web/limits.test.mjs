// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import test from 'node:test';
import { SimulatedLimits } from '../../resources/web/client/simulatedlimits.js';
import { LatestThrottle } from '../../resources/web/client/throttle.js';
import { TokenBucket } from '../../resources/web/client/tokenbucket.js';
import { FakeTimers } from './support/faketimers.mjs';

/** How many of `count` events, `everyMs` apart, get through. */
function passing(limits, event, count, everyMs, startMs = 0) {
    let passed = 0;
    for (let index = 0; index < count; index += 1) {
        passed += limits.check(event, startMs + index * everyMs).allowed ? 1 : 0;
    }
    return passed;
}

test('a bucket lets its burst through at once, then its rate', () => {
    const bucket = new TokenBucket(5, 10);
    const taken = Array.from({ length: 20 }, () => bucket.take(0)).filter(Boolean).length;
    assert.equal(taken, 10);
    assert.equal(bucket.take(199), false);
    assert.equal(bucket.take(200), true);
});

test('a bucket of rate 0 has no limit', () => {
    const bucket = new TokenBucket(0);
    assert.ok(Array.from({ length: 1000 }, () => bucket.take(0)).every(Boolean));
});

test('time that goes backwards gives nothing and takes nothing', () => {
    const bucket = new TokenBucket(1, 1, 5000);
    assert.equal(bucket.take(5000), true);
    assert.equal(bucket.take(1000), false);
    assert.equal(bucket.take(5999), false);
    assert.equal(bucket.take(6000), true);
});

test('movement is 20 a second on desktops and 15 on phones', () => {
    assert.equal(passing(new SimulatedLimits('desktop'), 'avatar_transform', 60, 100), 60);
    assert.equal(passing(new SimulatedLimits('desktop'), 'avatar_transform', 100, 10), 20 + 19);
    assert.equal(passing(new SimulatedLimits('mobile'), 'avatar_transform', 100, 10), 15 + 14);
});

test('chat is 5 a second with a burst of 10', () => {
    assert.equal(passing(new SimulatedLimits('desktop'), 'local_chat', 15, 0), 10);
});

test('one notice a second says how many were dropped', () => {
    const limits = new SimulatedLimits('desktop');
    const notices = [];
    for (let ms = 0; ms < 2000; ms += 10) {
        const { notice } = limits.check('local_chat', ms);
        if (notice) {
            notices.push(notice);
        }
    }
    assert.equal(notices.length, 2);
    assert.deepEqual(notices[0], { event: 'local_chat', limitPerSecond: 5, dropped: 1 });
    assert.ok(notices[1].dropped > 90);
});

test('ten times the limit for ten seconds is abuse', () => {
    const limits = new SimulatedLimits('desktop');
    let abusedMs = null;
    for (let ms = 0; ms < 12000 && abusedMs === null; ms += 4) {
        abusedMs = limits.check('avatar_transform', ms).abuse ? ms : null;
    }
    assert.ok(abusedMs > 7000 && abusedMs < 10000, 'after ' + abusedMs);
    const busy = new SimulatedLimits('desktop');
    for (let ms = 0; ms < 20000; ms += 10) {
        assert.ok(!busy.check('avatar_transform', ms).abuse);
    }
});

test('the throttle sends the first at once, the newest later, and never more', async () => {
    const timers = new FakeTimers();
    const sent = [];
    const throttle = new LatestThrottle((value) => sent.push(value), 16, timers);
    for (let value = 0; value < 100; value += 1) {
        throttle.push(value);
        await timers.advance(10);
    }
    await timers.advance(1000);
    assert.equal(sent[0], 0);
    assert.equal(sent[sent.length - 1], 99);
    assert.ok(sent.length >= 15 && sent.length <= 18, sent.length + ' sent');
});

test('a cancelled throttle forgets', async () => {
    const timers = new FakeTimers();
    const sent = [];
    const throttle = new LatestThrottle((value) => sent.push(value), 10, timers);
    throttle.push('a');
    throttle.push('b');
    throttle.cancel();
    await timers.advance(1000);
    assert.deepEqual(sent, ['a']);
});
