// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually, scenario } from '../harness.mjs';
import { Browser } from './support/browser.mjs';
import { RoomPage } from './support/roompage.mjs';

/** While the network is away the browser itself reports every failed attempt. */
const isNetwork = (text) => /ERR_|WebSocket connection/.test(text);

scenario('a page that is cut off for two seconds is back within three, and nobody saw it leave', async (s) => {
    const host = await s.host();
    const proxy = await s.proxy(host.port);
    const browser = await Browser.start(s);
    const bob = await s.member(host, 'bob', 'lobby');
    const alice = await RoomPage.open(browser, 'http://127.0.0.1:' + proxy.port + '/',
                                      { user: 'alice', room: 'lobby', isExpected: isNetwork });
    await bob.next('member_joined');
    await alice.say('before');
    const frames = bob.frames.length;

    const cut = performance.now();
    proxy.cut({ refuse: true });
    await alice.status('Reconnecting');
    await alice.page.getByRole('status').filter({ hasText: 'your seat is being held' }).waitFor();
    await delay(2000 - (performance.now() - cut));
    proxy.allow();
    await alice.status('Connected', { within: 3000 - (performance.now() - cut) });

    await alice.say('after');
    await eventually('bob hears alice again', () => bob.frames.some((frame) => frame.t === 'chat_broadcast' && frame.payload.text === 'after'));
    const seen = bob.frames.slice(frames).map((frame) => frame.t);
    assert.equal(seen.includes('member_left'), false, seen.join());
    assert.equal(seen.includes('member_joined'), false, seen.join());
    assert.equal(await host.occupancy('lobby'), 2);
    assert.deepEqual((await alice.people()).sort(), ['alice', 'bob']);
    browser.expectNoErrors();
});

scenario('the room list says when it is old, and recovers', async (s) => {
    const host = await s.host();
    const proxy = await s.proxy(host.port);
    const browser = await Browser.start(s);
    const page = await RoomPage.open(browser, 'http://127.0.0.1:' + proxy.port + '/', { isExpected: isNetwork });
    const freshness = page.page.locator('#freshness');
    await freshness.filter({ hasText: 'Live' }).waitFor();
    proxy.cut({ refuse: true });
    await freshness.filter({ hasText: 'The host cannot be reached' }).filter({ hasText: 'seconds old' }).waitFor();
    await page.page.locator('[data-room=lobby]').waitFor();
    proxy.allow();
    await freshness.filter({ hasText: 'Live' }).waitFor();
    browser.expectNoErrors();
});

scenario('a reload within the grace is not a leave', async (s) => {
    const host = await s.host();
    const browser = await Browser.start(s);
    const bob = await s.member(host, 'bob', 'lobby');
    const guest = await RoomPage.open(browser, host.url, { room: 'lobby' });
    await bob.next('member_joined');
    const frames = bob.frames.length;
    await guest.page.reload();
    await guest.entered();
    await guest.say('me again');
    await eventually('bob hears the guest', () => bob.frames.some((frame) => frame.payload.text === 'me again'));
    const seen = bob.frames.slice(frames).map((frame) => frame.t);
    assert.equal(seen.includes('member_left') || seen.includes('member_joined'), false, seen.join());
    browser.expectNoErrors();
});
