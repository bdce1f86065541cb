// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import test from 'node:test';
import { Backoff } from '../../resources/web/client/backoff.js';

test('a young outage is retried within a second, whatever the dice say', () => {
    for (const dice of [0, 0.5, 0.999]) {
        const backoff = new Backoff({ random: () => dice });
        for (let waited = 0; waited < 5000;) {
            const delay = backoff.next();
            assert.ok(delay >= 100 && delay <= 700, 'a step of ' + delay);
            waited += delay;
        }
    }
});

test('an old outage is retried ever more rarely, up to the limit', () => {
    const backoff = new Backoff({ maxMs: 10000, random: () => 1 });
    const delays = Array.from({ length: 40 }, () => backoff.next());
    assert.equal(delays[delays.length - 1], 10000);
    delays.reduce((before, delay) => {
        assert.ok(delay >= before);
        return delay;
    });
});

test('clients that lost the same host do not return in the same moment', () => {
    const delays = new Set(Array.from({ length: 50 }, () => new Backoff({ baseMs: 400 }).next()));
    assert.ok(delays.size > 20);
    assert.ok([...delays].every((delay) => delay >= 200 && delay <= 400));
});

test('a Retry-After is waited for, with the jitter on top', () => {
    const backoff = new Backoff({ baseMs: 250, random: () => 0.5 });
    assert.equal(backoff.next(3000), 3125);
});

test('after a reset it starts anew', () => {
    const backoff = new Backoff({ baseMs: 200, random: () => 1 });
    backoff.next();
    backoff.next();
    assert.equal(backoff.attempt, 2);
    backoff.reset();
    assert.equal(backoff.attempt, 0);
    assert.equal(backoff.next(), 200);
});
