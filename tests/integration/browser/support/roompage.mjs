// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import { eventually } from '../../harness.mjs';

/** The demo page as a test uses it: what a user does there, and what they see. */
export class RoomPage {
    /** Opens the page as a user, in the room if one is given (`isRefused`: that will not let them in). */
    static async open(browser, baseUrl, { user, room, provider, isRefused = false, ...options } = {}) {
        const url = new URL(baseUrl);
        for (const [name, value] of Object.entries({ user, room, provider })) {
            if (value !== undefined) {
                url.searchParams.set(name, value);
            }
        }
        const opened = new RoomPage();
        opened.page = await browser.open(url.href, options);
        opened.user = user;
        if (room !== undefined && !isRefused) {
            await opened.entered();
        }
        return opened;
    }

    /** Until a room is shown and the connection is up; the room's name. */
    async entered() {
        await this.page.locator('#room').waitFor();
        await this.status(['Connected', 'Simulation']);
        return this.page.locator('#room-title').textContent();
    }

    joinHottest() {
        return this.page.getByRole('button', { name: 'Join hottest room' }).click();
    }

    /** Until the indicator says one of these. */
    status(wanted, options) {
        return eventually('the page says ' + wanted, async () => {
            const now = (await this.page.locator('#connection').textContent()).trim();
            if (![wanted].flat().includes(now)) {
                throw new Error('it says ' + now);
            }
            return now;
        }, options);
    }

    /** The count on a room's card, as shown. */
    async listed(room) {
        const text = await this.page.locator('[data-room="' + room + '"] .count').textContent();
        return Number(/^\d+/.exec(text)[0]);
    }

    listsCount(room, count) {
        return eventually('the list shows ' + count + ' in ' + room, async () => (await this.listed(room)) === count);
    }

    async say(text) {
        await this.page.getByLabel('Message to the room').fill(text);
        await this.page.keyboard.press('Enter');
    }

    /** Until the log has this line of this person; {delivered}. */
    async hears(text) {
        const line = this.page.locator('#chat-log .line', { hasText: text });
        await line.waitFor();
        return line;
    }

    log() {
        return this.page.locator('#chat-log > li').allTextContents();
    }

    sees(user) {
        return this.page.locator('.avatar[data-user="' + user + '"]').waitFor({ state: 'attached' });
    }

    /** Where somebody is drawn, in CSS pixels of the floor. */
    place(user) {
        return this.page.locator('.avatar[data-user="' + user + '"]').evaluate((node) => {
            const { m41: left, m42: top } = new DOMMatrix(getComputedStyle(node).transform);
            return { left, top };
        });
    }

    /** Walks for a while with a key held down. */
    async walk(key, ms = 700) {
        await this.page.locator('#stage').focus();
        await this.page.keyboard.down(key);
        await this.page.waitForTimeout(ms);
        await this.page.keyboard.up(key);
    }

    /** Looks at another tab, or comes back. */
    setHidden(isHidden) {
        return this.page.evaluate((state) => {
            Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
            document.dispatchEvent(new Event('visibilitychange'));
        }, isHidden ? 'hidden' : 'visible');
    }

    /** What the member list says that somebody is doing. */
    activity(user) {
        return this.page.locator('#people-list li[data-user="' + user + '"] .activity').textContent();
    }

    people() {
        return this.page.locator('#people-list li').evaluateAll((rows) => rows.map((row) => row.dataset.user));
    }
}
