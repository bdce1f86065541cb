// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

/**
 * Makes docs/images/demo.png anew, from a real host and real connections:
 * ROLLCALL_BIN=$PWD/build/release/bin/rollcall node tests/integration/browser/screenshot.mjs
 */
import { fileURLToPath } from 'node:url';
import { scenario } from '../harness.mjs';
import { Browser } from './support/browser.mjs';
import { RoomPage } from './support/roompage.mjs';

const kTarget = fileURLToPath(new URL('../../../docs/images/demo.png', import.meta.url));

const kPeople = [
    ['Mira', { x: -6.2, z: 3.6, rotY: 0.7, anim: 'wave' }],
    ['Jonas', { x: 5.9, z: -3.4, rotY: -0.6, anim: 'idle' }],
    ['Aiko', { x: -2.8, z: -3.9, rotY: 0.5, anim: 'dance' }],
    ['Zuri', { x: 6.9, z: 3.9, rotY: -0.9, anim: 'idle', speaking: true }],
    ['Kofi', { x: -7.2, z: -1.6, rotY: 1.1, anim: 'idle' }],
    ['Leila', { x: 2.6, z: 4.9, rotY: -0.3, anim: 'walk' }],
];

scenario('the screenshot', async (s) => {
    const host = await s.host();
    const browser = await Browser.start(s, { width: 1280, height: 760, deviceScaleFactor: 1.25 });
    const members = new Map();
    for (const [name, place] of kPeople) {
        const client = await s.client(host, name.toLowerCase(), { displayName: name });
        await client.join('lobby');
        client.move('lobby', 1, place);
        members.set(name, client);
    }
    const view = await RoomPage.open(browser, host.url, { user: 'Sanna', room: 'lobby' });
    const { page } = view;
    await view.sees('leila');
    members.get('Mira').chat('lobby', 'Good morning! Who is up for a round?');
    await view.hears('Good morning');
    members.get('Zuri').chat('lobby', 'Me! The garden was packed, so I came here.');
    await view.hears('The garden was packed');
    await view.say('Count me in');
    await view.hears('Count me in');
    members.get('Aiko').send('emote', { roomId: 'lobby', emoteId: 'heart' });
    await page.locator('#stage').focus();
    await page.mouse.move(640, 20);
    await page.waitForTimeout(250);
    await page.locator('#stage').evaluate((stage) => stage.blur());
    await page.screenshot({ path: kTarget });
});
