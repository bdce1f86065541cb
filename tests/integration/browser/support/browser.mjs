// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import { chromium } from 'playwright-core';

const kChromium = process.env.CHROMIUM ?? '/usr/bin/chromium';
const kArguments = [
    '--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage',
];

/** Chromium with a new profile; ended, with its profile, when the scenario ends. */
export class Browser {
    #chromium;
    #view;
    #problems = [];

    /** `view`: {width, height, colorScheme, reducedMotion, hasTouch}. */
    static async start(s, { width = 1280, height = 800, ...view } = {}) {
        const browser = new Browser();
        browser.#view = { viewport: { width, height }, ...view };
        browser.#chromium = await chromium.launch({ executablePath: kChromium, args: kArguments });
        s.onEnd(() => browser.#chromium.close());
        return browser;
    }

    /** A page in a window with a storage of its own, so that each is in view. Errors it reports are kept for expectNoErrors(), but for `isExpected(text)`. */
    async open(url, { isExpected = () => false } = {}) {
        const context = await this.#chromium.newContext(this.#view);
        const page = await context.newPage();
        page.setDefaultTimeout(10000);
        const note = (text) => isExpected(text) || this.#problems.push(text);
        page.on('console', (message) => ['error', 'warning'].includes(message.type())
            && note(message.type() + ': ' + message.text() + ' ' + message.location().url));
        page.on('pageerror', (error) => note('uncaught: ' + (error.stack ?? error)));
        await page.goto(url);
        return page;
    }

    expectNoErrors() {
        if (this.#problems.length > 0) {
            throw new Error('the pages reported:\n' + this.#problems.join('\n'));
        }
    }
}
