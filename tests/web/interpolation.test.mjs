// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import test from 'node:test';
import { Interpolator, mixAngle } from '../../resources/web/client/interpolation.js';

const at = (x, more = {}) => ({ x, y: 0, z: 0, rotY: 0, anim: 'walk', speaking: false, ...more });

function near(value, expected) {
    assert.ok(Math.abs(value - expected) < 1e-9, value + ' is not ' + expected);
}

test('movement is shown a moment later and in between', () => {
    const others = new Interpolator({ delayMs: 120 });
    others.push(at(0), 1000);
    others.push(at(1), 1050);
    others.push(at(2), 1100);
    near(others.sample(1120).x, 0);
    near(others.sample(1145).x, 0.5);
    near(others.sample(1195).x, 1.5);
    near(others.sample(1220).x, 2);
});

test('without news the last place stays', () => {
    const others = new Interpolator({ delayMs: 120 });
    others.push(at(0), 1000);
    others.push(at(1), 1050);
    near(others.sample(9000).x, 1);
});

test('a long way is a jump, not a slide', () => {
    const others = new Interpolator({ delayMs: 120, snapDistance: 6 });
    others.push(at(0), 1000);
    others.push(at(9), 1050);
    near(others.sample(1051).x, 9);
});

test('somebody who stood still for long starts walking now', () => {
    const others = new Interpolator({ delayMs: 120, gapMs: 250 });
    others.push(at(0), 1000);
    others.push(at(1), 5000);
    near(others.sample(5000).x, 0);
    near(others.sample(5060).x, 0);
    near(others.sample(5090).x, 0.5);
    near(others.sample(5120).x, 1);
});

test('the memory is bounded', () => {
    const others = new Interpolator({ maxSamples: 4 });
    for (let step = 0; step < 100; step += 1) {
        others.push(at(step / 100), 1000 + step);
    }
    near(others.sample(0).x, 0.96);
});

test('turning takes the short way round', () => {
    near(mixAngle(3, -3, 0.5), 3 + (2 * Math.PI - 6) / 2);
    near(mixAngle(0, 1, 0.25), 0.25);
    near(mixAngle(1, 0, 1), 0);
});

test('nothing is shown before the first transform', () => {
    assert.equal(new Interpolator().sample(1000), null);
});
