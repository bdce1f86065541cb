// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { eventually, scenario } from '../harness.mjs';
import { audit } from './support/audit.mjs';
import { Browser } from './support/browser.mjs';
import { RoomPage } from './support/roompage.mjs';

const kViews = [
    { width: 1280, height: 800, colorScheme: 'light' },
    { width: 360, height: 640, colorScheme: 'dark', hasTouch: true },
    { width: 360, height: 740, colorScheme: 'light', reducedMotion: 'reduce' },
    { width: 1600, height: 900, colorScheme: 'dark' },
];

/** What audit() finds once no colour or place is on its way to another any more. */
async function settledAudit(page) {
    const isMoving = () => document.getAnimations().some((animation) =>
        animation instanceof CSSTransition && animation.playState === 'running');
    await eventually('the page is at rest', async () => !await page.evaluate(isMoving));
    return page.evaluate(audit);
}

for (const view of kViews) {
    scenario('both views are in order at ' + view.width + ' px, ' + view.colorScheme, async (s) => {
        const host = await s.host();
        const browser = await Browser.start(s, view);
        const bob = await s.member(host, 'Bob with a name that takes rather a lot of room', 'lobby');
        const page = await RoomPage.open(browser, host.url, { user: 'alice' });
        await page.listsCount('lobby', 1);
        assert.deepEqual(await settledAudit(page.page), []);

        await page.joinHottest();
        await page.entered();
        await page.say('Hello '.repeat(30));
        bob.chat('lobby', 'x'.repeat(240));
        await page.hears('xxxx');
        await page.page.getByRole('button', { name: 'Talk' }).click();
        await page.page.getByRole('button', { name: 'Send a heart' }).click();
        await eventually('the line is delivered', async () => (await page.page.locator('[data-pending]').count()) === 0);
        assert.deepEqual(await settledAudit(page.page), []);
        for (const selector of ['#stage', '#chat-input', '#chat-send', '#leave', '[data-emote=thumb]']) {
            const box = await page.page.locator(selector).boundingBox();
            assert.ok(box.x >= 0 && box.x + box.width <= view.width && box.y >= 0 && box.y + box.height <= view.height,
                      selector + ' is not in view: ' + JSON.stringify(box));
        }
        const { height } = await page.page.locator('#chat-log').boundingBox();
        assert.ok(height >= 60, 'the log has ' + height + ' px');
        browser.expectNoErrors();
    });
}

scenario('everything works with the keyboard, and focus follows the view', async (s) => {
    const host = await s.host();
    const browser = await Browser.start(s);
    const { page, ...view } = await RoomPage.open(browser, host.url, { user: 'alice' });
    await page.locator('[data-room=garden]').waitFor();
    const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.getAttribute('aria-label'));
    const order = [];
    for (let count = 0; count < 6; count += 1) {
        await page.keyboard.press('Tab');
        order.push(await focused());
    }
    assert.deepEqual(order.slice(1, 3), ['name-input', 'join-hottest']);
    assert.deepEqual(order.slice(3).sort(), ['Join Attic', 'Join Garden', 'Join Lobby']);
    for (let count = 0; count < 3 && await focused() !== 'Join Garden'; count += 1) {
        await page.keyboard.press('Shift+Tab');
    }
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
    assert.equal(outline, 'solid');
    await page.keyboard.press('Enter');
    await eventually('the focus is on the floor', async () => (await focused()) === 'stage');
    assert.equal(await page.locator('#room-title').textContent(), 'Garden');

    await page.keyboard.press('e');
    await page.locator('.avatar[data-user=alice][data-anim=wave]').waitFor({ state: 'attached' });
    await page.keyboard.press('q');
    await page.locator('.avatar[data-user=alice][data-anim=dance]').waitFor({ state: 'attached' });
    await page.keyboard.press('t');
    assert.equal(await page.getByRole('button', { name: 'Talk' }).getAttribute('aria-pressed'), 'true');
    await page.locator('#people-list li', { hasText: 'speaking' }).waitFor();

    await page.keyboard.press('Enter');
    assert.equal(await focused(), 'chat-input');
    await page.keyboard.type('wasd eqt');
    assert.equal(await page.locator('#chat-input').inputValue(), 'wasd eqt');
    await page.keyboard.press('Enter');
    await page.locator('#chat-log .line', { hasText: 'wasd eqt' }).waitFor();
    await page.keyboard.press('Escape');
    assert.equal(await focused(), 'stage');

    await page.getByRole('button', { name: 'Rooms' }).press('Enter');
    await eventually('the focus is on the heading', async () => (await focused()) === 'lobby-title');
    await page.goBack();
    await page.locator('#room').waitFor();
    await page.goForward();
    await page.locator('#lobby').waitFor();
    assert.equal(view.user, 'alice');
    browser.expectNoErrors();
});

scenario('a click walks there, and a phone follows its own avatar', async (s) => {
    const host = await s.host();
    const browser = await Browser.start(s, { width: 360, height: 740, hasTouch: true });
    const view = await RoomPage.open(browser, host.url, { user: 'alice', room: 'lobby' });
    const before = await view.place('alice');
    const stage = await view.page.locator('#stage').boundingBox();
    await view.page.touchscreen.tap(stage.x + stage.width - 20, stage.y + stage.height / 2);
    await eventually('our avatar walked', async () => (await view.place('alice')).left - before.left > 40);
    const edge = await view.page.locator('.plane').evaluate((plane) => plane.offsetWidth);
    await view.walk('ArrowRight', 3500);
    assert.ok((await view.place('alice')).left > edge - 30, 'at the edge of a floor that is wider than the window');
    assert.ok(edge > stage.width + 40);
    const figure = await view.page.locator('.avatar[data-user=alice] .figure').boundingBox();
    assert.ok(figure.x >= stage.x && figure.x + figure.width <= stage.x + stage.width, 'in view: ' + JSON.stringify(figure));
    browser.expectNoErrors();
});

scenario('names and chat are text, never markup', async (s) => {
    const host = await s.host();
    const browser = await Browser.start(s);
    const evil = '<img src=x onerror="window.hacked=1">';
    const view = await RoomPage.open(browser, host.url, { user: 'alice', room: 'lobby' });
    const mallory = await s.client(host, 'mallory', { displayName: evil });
    await mallory.join('lobby');
    await view.sees('mallory');
    mallory.chat('lobby', evil + '<script>window.hacked=1</script>');
    mallory.send('emote', { roomId: 'lobby', emoteId: '"><img src=x onerror="window.hacked=1">' });
    await view.hears('<script>');
    await view.page.locator('#people-list .who', { hasText: '<img' }).waitFor();
    assert.equal(await view.page.evaluate(() => window.hacked), undefined);
    assert.equal(await view.page.locator('main img').count(), 0);
    browser.expectNoErrors();
});
