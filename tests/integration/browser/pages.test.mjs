// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { eventually, sample, scenario } from '../harness.mjs';
import { Browser } from './support/browser.mjs';
import { RoomPage } from './support/roompage.mjs';

scenario('two pages in a room see each other move and chat', async (s) => {
    const host = await s.host();
    const browser = await Browser.start(s);
    const alice = await RoomPage.open(browser, host.url, { user: 'alice', room: 'lobby' });
    const bob = await RoomPage.open(browser, host.url, { user: 'bob', room: 'lobby' });
    await alice.sees('bob');
    await bob.sees('alice');
    for (const page of [alice, bob]) {
        await eventually('the member list has both', async () => (await page.people()).sort().join() === 'alice,bob');
    }

    const watcher = await RoomPage.open(browser, host.url);
    await watcher.listsCount('lobby', 2);
    await watcher.page.close();

    for (const [walker, other, key, direction] of [[alice, bob, 'ArrowRight', 1], [bob, alice, 'KeyA', -1]]) {
        const before = await other.place(walker.user);
        await walker.walk(key);
        const stood = await walker.place(walker.user);
        await eventually('the other page shows the walk', async () => {
            const now = await other.place(walker.user);
            return (now.left - before.left) * direction > 40 && Math.abs(now.left - stood.left) < 3;
        });
    }

    await alice.say('Hello Bob <b>&amp;</b>');
    await bob.hears('Hello Bob <b>&amp;</b>');
    await bob.say('Hello Alice');
    await alice.hears('Hello Alice');
    const own = await alice.hears('Hello Bob');
    await eventually('the receipt arrives', async () => (await own.getAttribute('data-pending')) === null);
    assert.equal(await own.count(), 1);
    browser.expectNoErrors();
});

scenario('a hidden tab makes its user away, for the other page too', async (s) => {
    const host = await s.host();
    const browser = await Browser.start(s);
    const alice = await RoomPage.open(browser, host.url, { user: 'alice', room: 'lobby' });
    const bob = await RoomPage.open(browser, host.url, { user: 'bob', room: 'lobby' });
    await bob.sees('alice');
    for (const [isHidden, isAway] of [[true, true], [false, false]]) {
        await alice.setHidden(isHidden);
        for (const page of [bob, alice]) {
            await eventually('the member list says so', async () => ((await page.activity('alice')) === 'away') === isAway);
        }
        assert.notEqual(await bob.activity('bob'), 'away');
    }
    browser.expectNoErrors();
});

scenario('movement is smooth: many small steps from few frames', async (s) => {
    const host = await s.host();
    const browser = await Browser.start(s);
    const bob = await RoomPage.open(browser, host.url, { user: 'bob', room: 'lobby' });
    const walker = await s.member(host, 'walker', 'lobby');
    await bob.sees('walker');
    const steps = bob.page.evaluate(() => new Promise((resolve) => {
        const node = document.querySelector('[data-user=walker].avatar');
        const lefts = [];
        let changedMs = performance.now();
        const look = () => {
            const left = new DOMMatrix(getComputedStyle(node).transform).m41;
            if (left !== lefts[lefts.length - 1]) {
                changedMs = performance.now();
            }
            lefts.push(left);
            // However slow the machine is: until the walk is over and has been shown to its end.
            if (window.isWalkOver !== true || performance.now() - changedMs < 500) {
                requestAnimationFrame(look);
            } else {
                resolve(lefts);
            }
        };
        look();
    }));
    const kFrames = 8;
    for (let x = 0; x <= kFrames; x += 1) {
        walker.move('lobby', x + 1, { x: x / 2 });
        await bob.page.waitForTimeout(180);
    }
    await bob.page.evaluate(() => { window.isWalkOver = true; });
    const lefts = await steps;
    const moves = lefts.slice(1).map((left, index) => left - lefts[index]);
    const total = lefts[lefts.length - 1] - lefts[0];
    assert.ok(total > 60, 'moved ' + total + ' px');
    assert.ok(moves.every((move) => move >= -0.6), 'never backwards: ' + Math.min(...moves));
    const places = new Set(lefts.map((left) => left.toFixed(1))).size;
    assert.ok(places > 2.5 * kFrames, places + ' places from ' + kFrames + ' frames');
    browser.expectNoErrors();
});

scenario('a page that closes keeps its seat for the grace, and no longer', async (s) => {
    const host = await s.host({ settings: { 'presence.grace': '2s' } });
    const browser = await Browser.start(s);
    const watcher = await RoomPage.open(browser, host.url);
    await RoomPage.open(browser, host.url, { user: 'alice', room: 'lobby' });
    const bob = await RoomPage.open(browser, host.url, { user: 'bob', room: 'lobby' });
    await watcher.listsCount('lobby', 2);

    // The socket ends somewhere between these two; a sample counts from before it was asked to after it was answered.
    const closing = performance.now();
    const look = async (read) => {
        const fromMs = performance.now() - closing;
        const count = await read();
        return { fromMs, toMs: performance.now() - closing, count };
    };
    const sampling = sample(() => Promise.all([look(() => watcher.listed('lobby')), look(() => host.occupancy('lobby'))]),
                            { during: 3400 });
    await bob.page.close();
    const closedMs = performance.now() - closing;
    const looks = (await sampling).flatMap(({ value }) => value);
    const history = JSON.stringify(looks.map(({ fromMs, toMs, count }) => [Math.round(fromMs), Math.round(toMs), count]));
    const within = looks.filter(({ toMs }) => toMs < 2000);
    const after = looks.filter(({ fromMs }) => fromMs > closedMs + 2750);
    assert.ok(within.length >= 20 && after.length >= 2, 'enough samples: ' + history);
    assert.ok(within.every(({ count }) => count === 2), 'two for the grace, closed in ' + closedMs + ' ms: ' + history);
    assert.ok(after.every(({ count }) => count === 1), 'one after it, closed in ' + closedMs + ' ms: ' + history);
    browser.expectNoErrors();
});

scenario('"Join hottest room" lands in the fuller room', async (s) => {
    const host = await s.host();
    const browser = await Browser.start(s);
    for (const [user, room] of [['a', 'lobby'], ['b', 'garden'], ['c', 'garden'], ['d', 'garden']]) {
        await s.member(host, user, room);
    }
    const page = await RoomPage.open(browser, host.url, { user: 'alice' });
    await page.listsCount('garden', 3);
    await page.joinHottest();
    assert.equal(await page.entered(), 'Garden');
    assert.equal((await page.people()).length, 4);
    assert.match(page.page.url(), /room=garden/);
    await host.counts('garden', 4);
    browser.expectNoErrors();
});

scenario('a full room and a room that is not there are told in words', async (s) => {
    const host = await s.host();
    const browser = await Browser.start(s);
    await s.member(host, 'a', 'attic');
    await s.member(host, 'b', 'attic');
    const isExpected = (text) => /status of 40[49]/.test(text);
    const page = await RoomPage.open(browser, host.url, { user: 'alice', room: 'attic', isRefused: true, isExpected });
    await page.page.getByText('That room is full').waitFor();
    await page.page.getByRole('button', { name: 'Full: Attic' }).waitFor();
    assert.equal(await page.page.getByRole('button', { name: 'Full: Attic' }).isDisabled(), true);
    const lost = await RoomPage.open(browser, host.url, { user: 'bob', room: 'nowhere', isRefused: true, isExpected });
    await lost.page.getByText('That room does not exist').waitFor();
    browser.expectNoErrors();
});
