// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { eventually, scenario } from '../harness.mjs';
import { Browser } from './support/browser.mjs';
import { RoomPage } from './support/roompage.mjs';

scenario('?provider=sim goes on with the host stopped after the page was loaded', async (s) => {
    const host = await s.host();
    const browser = await Browser.start(s, { width: 360, height: 740 });
    const page = await RoomPage.open(browser, host.url, { user: 'alice', provider: 'sim' });
    const requests = [];
    await page.page.waitForLoadState('networkidle');
    await host.process.stop();
    page.page.on('request', (request) => requests.push(request.url()));

    await page.joinHottest();
    assert.notEqual(await page.entered(), '');
    const before = await page.place('alice');
    await page.walk('ArrowDown');
    await eventually('our avatar walked', async () => (await page.place('alice')).top - before.top > 20);

    const bots = (await page.people()).filter((user) => user !== 'alice');
    assert.ok(bots.length > 0);
    const stood = await Promise.all(bots.map((bot) => page.place(bot)));
    await eventually('somebody else walks', async () => {
        const now = await Promise.all(bots.map((bot) => page.place(bot).catch(() => null)));
        return now.some((place, index) => place && Math.hypot(place.left - stood[index].left, place.top - stood[index].top) > 10);
    }, { within: 15000 });

    await page.say('Hello everybody');
    const line = await page.hears('Hello everybody');
    await eventually('the receipt arrives', async () => (await line.first().getAttribute('data-pending')) === null);
    await eventually('somebody answers', async () => (await page.log()).some((text) => text.includes('alice') && !text.includes('Hello everybody')));

    await page.page.evaluate(() => {
        for (let count = 0; count < 14; count += 1) {
            document.getElementById('chat-input').value = 'again ' + count;
            document.getElementById('chat-form').requestSubmit();
        }
    });
    await page.page.getByText('Too fast: at most 5 messages a second').waitFor();

    await page.page.getByRole('button', { name: 'Rooms' }).click();
    await page.page.getByRole('heading', { name: 'Who is here, right now' }).waitFor();
    await page.page.locator('.card').nth(3).waitFor();
    assert.deepEqual(requests, []);
    browser.expectNoErrors();
});
