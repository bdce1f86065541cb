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

scenario('movement is smooth: many small steps, few frames', async (s) => {
    const host = await s.host();
    const browser = await Browser.start(s);
    const bob = await RoomPage.open(browser, host.url, { user: 'bob', room: 'lobby' });
    const walker = await s.member(host, 'walker', 'lobby');
    await bob.sees('walker');
    const steps = bob.page.evaluate(() => new Promise((resolve) => {
        const node = document.querySelector('[data-user=walker].avatar');
        const lefts = [];
        const look = () => {
            lefts.push(new DOMMatrix(getComputedStyle(node).transform).m41);
            if (lefts.length < 90) {
                requestAnimationFrame(look);
            } else {
                resolve(lefts);
            }
        };
        look();
    }));
    for (let x = 0; x <= 20; x += 1) {
        walker.move('lobby', x + 1, { x: x / 5 });
        await bob.page.waitForTimeout(60);
    }
    const lefts = await steps;
    const moves = lefts.slice(1).map((left, index) => left - lefts[index]);
    const total = lefts[lefts.length - 1] - lefts[0];
    assert.ok(total > 60, 'moved ' + total + ' px');
    assert.ok(moves.every((move) => move >= -0.6), 'never backwards: ' + Math.min(...moves));
    assert.ok(Math.max(...moves) < total / 4, 'largest step ' + Math.max(...moves) + ' of ' + total);
    browser.expectNoErrors();
});

scenario('a page that closes keeps its seat for the grace, and no longer', async (s) => {
    const host = await s.host({ settings: { 'presence.grace': '2s' } });
    const browser = await Browser.start(s);
    const watcher = await RoomPage.open(browser, host.url);
    await RoomPage.open(browser, host.url, { user: 'alice', room: 'lobby' });
    const bob = await RoomPage.open(browser, host.url, { user: 'bob', room: 'lobby' });
    await watcher.listsCount('lobby', 2);

    const sampling = sample(async () => ({ listed: await watcher.listed('lobby'), counted: await host.occupancy('lobby') }),
                            { during: 3200 });
    const started = performance.now();
    await bob.page.close();
    const closedMs = performance.now() - started;
    const samples = await sampling;
    const history = JSON.stringify(samples.map(({ atMs, value }) => [Math.round(atMs), value.counted, value.listed]));
    for (const { atMs, value } of samples) {
        if (atMs < 1950) {
            assert.deepEqual(value, { listed: 2, counted: 2 }, 'at ' + atMs + ' of ' + history);
        }
        if (atMs > 2750 + closedMs) {
            assert.deepEqual(value, { listed: 1, counted: 1 }, 'at ' + atMs + ' of ' + history);
        }
    }
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
