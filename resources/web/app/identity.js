// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

const kIdKey = 'rollcall.userId';
const kNameKey = 'rollcall.displayName';
const kAdjectives = ['Calm', 'Bright', 'Quiet', 'Brave', 'Kind', 'Swift', 'Merry', 'Gentle', 'Witty', 'Sunny'];
const kAnimals = ['Otter', 'Heron', 'Fox', 'Lynx', 'Robin', 'Badger', 'Hare', 'Wren', 'Seal', 'Finch'];

/**
 * Who this window is: ?user=, else a guest of its own that a reload keeps. The id is out of the storage while
 * the page lives, because a duplicated window copies the storage and must not become the same guest.
 */
export function loadIdentity(search = location.search) {
    const asked = new URLSearchParams(search).get('user');
    const userId = asked?.slice(0, 64) || takeId() || 'guest-' + randomHex(6);
    if (!asked) {
        addEventListener('pagehide', () => write(sessionStorage, kIdKey, userId));
    }
    const displayName = asked ? asked.slice(0, 64) : read(localStorage, kNameKey) || madeUpName();
    return { userId, displayName, avatarId: 'peg' };
}

export function rememberName(name) {
    write(localStorage, kNameKey, name);
}

function takeId() {
    const id = read(sessionStorage, kIdKey);
    try {
        sessionStorage.removeItem(kIdKey);
    } catch { /* a window without storage has nothing to take */ }
    return id;
}

function madeUpName() {
    const pick = (list) => list[Math.floor(Math.random() * list.length)];
    return pick(kAdjectives) + ' ' + pick(kAnimals);
}

function randomHex(bytes) {
    return [...crypto.getRandomValues(new Uint8Array(bytes))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function read(storage, key) {
    try {
        return storage.getItem(key);
    } catch {
        return null;
    }
}

function write(storage, key, value) {
    try {
        storage.setItem(key, value);
    } catch { /* private windows may refuse */ }
}
